"""The commands of both Dockerfiles, run in a plain virtual environment: no image is built."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fmnist.settings import PROJECT_DIR
from tests.support.dockerfile import Container, build, list_context, read_instructions
from tests.support.server import find_free_port

START_SECONDS = 120.0


@pytest.fixture
def root() -> Iterator[Path]:
    """A folder that is gone afterwards: what is installed for the app takes 3 GB."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@contextmanager
def run_until_healthy(container: Container, *arguments: str, **variables: str) -> Iterator[None]:
    process = container.start(*arguments, **variables)
    try:
        end = time.monotonic() + START_SECONDS
        while not container.is_healthy():
            assert process.poll() is None, "it has ended"
            assert time.monotonic() < end, "it does not get healthy"
            time.sleep(0.2)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


@pytest.mark.slow
def test_endpoint_answers_with_what_its_dockerfile_installs(root: Path) -> None:
    container = build(PROJECT_DIR / "Dockerfile.endpoint", root)
    shutil.copytree(PROJECT_DIR / "models/baseline", root / "opt/ml/model")
    port = str(find_free_port())
    with run_until_healthy(container, "serve", SAGEMAKER_BIND_TO_PORT=port):
        url = f"http://localhost:{port}/invocations"
        for content, kind in (
            (json.dumps({"instances": [[0] * 784]}).encode(), "application/json"),
            ((PROJECT_DIR / "docs/predict.png").read_bytes(), "image/png"),
        ):
            request = urllib.request.Request(url, content, {"Content-Type": kind})
            with urllib.request.urlopen(request, timeout=60) as response:
                assert len(json.load(response)["predictions"]) == 1


@pytest.mark.slow
def test_app_gets_healthy_with_what_its_dockerfile_installs(root: Path) -> None:
    container = build(PROJECT_DIR / "Dockerfile", root)
    port = str(find_free_port())
    with (
        run_until_healthy(container, STREAMLIT_SERVER_PORT=port),
        urllib.request.urlopen(f"http://localhost:{port}/", timeout=60) as response,
    ):
        assert response.status == 200
    assert (root / "data/models/cnn/report.json").is_file()


@pytest.mark.parametrize("name", ["Dockerfile", "Dockerfile.endpoint"])
def test_nobody_is_root_and_health_is_checked(name: str) -> None:
    instructions = dict(read_instructions(PROJECT_DIR / name))
    assert instructions["USER"] not in {"root", "0"}
    assert "HEALTHCHECK" in instructions


def test_volumes_are_the_folders_of_the_app() -> None:
    instructions = list(read_instructions(PROJECT_DIR / "Dockerfile"))
    folders = " ".join(arguments for name, arguments in instructions if name == "ENV")
    for volume in json.loads(dict(instructions)["VOLUME"]):
        assert f"={volume}" in folders


def test_context_has_what_runs_and_nothing_else() -> None:
    context = list_context()
    assert "app.py" in context
    assert "models/cnn/model.onnx" in context
    assert {name.split("/")[0] for name in context} == {
        ".streamlit", "app.py", "assets", "fmnist", "models", "pages", "requirements.txt",
        "requirements-endpoint.txt",
    }  # fmt: skip
