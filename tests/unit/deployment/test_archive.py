"""The archive answers by itself: without the program beside it, as in SageMaker's container."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

from fmnist.deployment.archive import MODULES, build_archive
from fmnist.errors import FmnistError
from fmnist.runs import open_run
from fmnist.settings import PROJECT_DIR
from tests.support.runs import make_run
from tests.support.serving import load_baseline

HANDLER = "fmnist/deployment/handler.py"

ASK = """
import importlib, json, sys, types
sys.path = [sys.argv[1] + "/code"] + [p for p in sys.path if p and p != sys.argv[2]]

class Response:
    def __init__(self, response, accept, status):
        self.body, self.accept, self.status = response, accept, status

framework = types.ModuleType("sagemaker_containers.beta.framework")
framework.worker = types.SimpleNamespace(Response=Response)
for name in ("sagemaker_containers", "sagemaker_containers.beta"):
    sys.modules[name] = types.ModuleType(name)
sys.modules[framework.__name__] = framework

handler = importlib.import_module("inference")
network = handler.model_fn(sys.argv[1])
image = [[row * 9 for _ in range(28)] for row in range(28)]
request = json.dumps({"inputs": [image] * 40})
body, kind = handler.transform_fn(network, request, "application/json", "*/*")
answers = json.loads(body)["outputs"]
csv, _ = handler.transform_fn(network, (",".join(["7"] * 784)).encode(), "text/csv", "")
bad = handler.transform_fn(network, "[]", "application/json", "")
picture = handler.transform_fn(network, b"x", "image/png", None)
print(json.dumps({
    "answers": len(answers), "first": answers[0], "kind": kind, "csv": csv.decode(),
    "bad": [bad.status, bad.accept, json.loads(bad.body)["error"]], "picture": picture.status,
    "ours": sorted(n for n, m in sys.modules.items() if n.split(".")[0] == "fmnist"
                   and not m.__file__.startswith(sys.argv[1])),
}))
"""


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("FMNIST_MODELS", str(PROJECT_DIR / "models"))
    build_archive(open_run("baseline"), tmp_path / "model.tar.gz")
    with tarfile.open(tmp_path / "model.tar.gz") as archive:
        archive.extractall(tmp_path / "model", filter="data")
    return tmp_path / "model"


@pytest.mark.processes
def test_archive_answers_as_the_endpoint_does(unpacked: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(unpacked), str(PROJECT_DIR)],
        cwd=unpacked, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["ours"] == []
    assert found["answers"] == 40
    assert found["kind"] == "application/json"
    assert len(found["csv"].split(",")) == 11
    assert found["bad"][:2] == [400, "application/json"]
    assert "no image" in found["bad"][2]
    assert found["picture"] == 415
    image = np.repeat(np.arange(28, dtype=np.uint8)[:, None] * 9, 28, axis=1)
    (expected,) = load_baseline().answer(image[None])
    assert found["first"]["label"] == expected["label"]
    assert found["first"]["probabilities"] == pytest.approx(expected["probabilities"], abs=1e-5)


def test_archive_is_a_run_directory_for_a_container_of_ones_own(
    unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_MODELS", str(unpacked.parent))
    run = open_run("model")
    assert run.has_model
    assert run.load_report() is not None
    requirements = (unpacked / "code/requirements.txt").read_text()
    assert "onnxruntime==" in requirements


@pytest.mark.parametrize("name", [HANDLER, *MODULES])
def test_what_the_container_runs_is_python_3_9(name: str) -> None:
    ast.parse((PROJECT_DIR / name).read_text("utf-8"), feature_version=(3, 9))


def test_a_run_without_network_makes_no_archive(isolated: Path, tmp_path: Path) -> None:
    with pytest.raises(FmnistError, match="no model yet"):
        build_archive(make_run("queued", "waits"), tmp_path / "model.tar.gz")
    assert not (tmp_path / "model.tar.gz").exists()
