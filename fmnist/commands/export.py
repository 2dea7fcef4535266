"""Write the network of a run as one file for use in other programs."""

from __future__ import annotations

import argparse
from pathlib import Path

from fmnist.commands.progress import wait_for_network
from fmnist.errors import RunError
from fmnist.inference import InferencePool
from fmnist.runs import open_run

FORMATS = (".h5", ".keras", ".onnx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="name of a run, for example cnn")
    parser.add_argument("output", metavar="FILE", type=Path, help="ends in .h5, .keras or .onnx")


def run(options: argparse.Namespace) -> int:
    """Write the file and print its name and size.

    Raises:
        RunError: there is no such run, or the ending is no known format.
    """
    output: Path = options.output.resolve()
    if output.suffix not in FORMATS:
        raise RunError(f"{output.name} must end in {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.")
    if not output.parent.is_dir():
        raise RunError(f"There is no folder {output.parent}. Create it first.")
    pool, chosen = InferencePool(), open_run(options.run)
    if output.suffix == ".onnx":
        wait_for_network(pool.prepare(chosen), chosen.run_id)
    pool.export(chosen, output)
    print(f"{output}: {output.stat().st_size / 1e6:.2f} MB")
    return 0
