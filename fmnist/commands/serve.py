"""Serve the network of a run over HTTP."""

from __future__ import annotations

import argparse
import sys

from fmnist.runs import open_run
from fmnist.serving import limits


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="name of a run, for example cnn")
    parser.add_argument(
        "--port",
        type=int,
        help=f"SAGEMAKER_BIND_TO_PORT, else {limits.DEFAULT_PORT}; 0 takes any free one",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on: this machine alone (127.0.0.1) unless given; 0.0.0.0 for all",
    )


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C.

    Raises:
        FmnistError: there is no such run, its network can't be used, or the port is taken.
    """
    chosen = open_run(options.run)
    from fmnist.serving.server import serve_run  # slow to import; not needed for an invalid name

    def report(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    port = limits.endpoint_port() if options.port is None else options.port
    serve_run(chosen, options.host, port, report)
    return 0
