"""The endpoint of a shipped run, with its network loaded once."""

from __future__ import annotations

import functools

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
