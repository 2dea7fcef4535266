"""The task of a cluster node for one run: the training worker."""

from __future__ import annotations

import os
import runpy
import socket
import sys
from pathlib import Path

from fmnist.runs.layout import RunFile


def train_run(path: str, attempt: str, environment: dict[str, str]) -> int:
    """Run ``python -m fmnist.training PATH ATTEMPT`` in this process; return its exit status.

    Args:
        path: the run directory, which this node must see.
        attempt: the name of the worker's attempt.
        environment: variables of the program on the machine that asks for the run.

    Raises:
        FileNotFoundError: this node doesn't see the run directory.
    """
    log = Path(path) / RunFile.LOG
    try:
        output = log.open("ab")
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"The node {socket.gethostname()} has no {path}. The models folder must be on storage "
            "that all nodes share, under the same path (docs/scale.md)."
        ) from error
    with output:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    # The worker reads them before it imports anything large.
    os.environ.update(environment)
    sys.argv = ["fmnist.training", path, attempt]
    try:
        runpy.run_module("fmnist.training", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return int(end.code or 0)
    return 0
