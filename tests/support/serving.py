"""The endpoint of a shipped run: its network loaded once, or the server as a process."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from fmnist.runs import open_run
from fmnist.serving.network import ServedNetwork
from fmnist.settings import PROJECT_DIR


@functools.cache
def load_baseline() -> ServedNetwork:
    """Return the shipped baseline, ready to answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FMNIST_MODELS", str(PROJECT_DIR / "models"))
        network = ServedNetwork(open_run("baseline"))
    network.load()
    return network


@contextmanager
def start_endpoint(command: Sequence[str]) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Start ``serve RUN …``; yield the process and its port once the shipped run is ready."""
    environment = os.environ | {"FMNIST_MODELS": str(PROJECT_DIR / "models")}
    process = subprocess.Popen(
        [sys.executable, "-m", "fmnist", *command],
        cwd=PROJECT_DIR, env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        first, second = process.stderr.readline(), process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/invocations", first)
        assert found is not None, first
        assert second == f"{command[1]} is ready.\n"
        yield process, int(found.group(1))
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
