"""Fixtures of the tests of whole runs."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

import pytest

from fmnist.settings import PROJECT_DIR


@pytest.fixture
def models(trained: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FMNIST_MODELS", str(trained))
    return trained


@pytest.fixture(scope="session")
def jax_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has what ``requirements-jax.txt`` lists, and nothing else."""
    folder = tmp_path_factory.mktemp("jax")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "-r", PROJECT_DIR / "requirements-jax.txt"],
        check=True,
        timeout=300,
    )
    return python
