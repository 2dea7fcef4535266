"""``python -m fmnist map`` without a network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fmnist.__main__ import main
from fmnist.data import load_dataset
from fmnist.explain.nearest import load_features
from fmnist.inference import InferencePool
from tests.support import evaluate_pages
from tests.support.networks import CornerPool
from tests.support.pages import fake_pool


@pytest.fixture(autouse=True)
def run(isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_features.cache.clear()
    (tmp_path / "small").mkdir()
    evaluate_pages.write_archive(tmp_path / "small")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(tmp_path / "small"))
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    fake_pool(monkeypatch)
    monkeypatch.setattr(InferencePool, "extract", CornerPool.extract)
    evaluate_pages.write_run("first", load_dataset().fingerprints["test"])
    (isolated / "first" / "model.onnx").write_bytes(b"a network")


def test_points_and_placed_files_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "item.png"
    Image.fromarray(np.asarray(load_dataset().x_test[3])).save(picture)
    assert main(["map", "first", "--json", "--place", str(picture)]) == 0
    values = json.loads(capsys.readouterr().out)
    points = values["points"]
    assert points["row"] == list(range(200))
    assert (points["label"][6], points["predicted"][6]) == (6, 0)
    assert points["confidence"][6] == pytest.approx(0.82)
    assert values["neighbour_accuracy_features"] <= 1
    (placed,) = values["placed"]
    assert len(placed["neighbours"]) == 10


def test_faithfulness_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "first"]) == 0
    assert "first, PCA of 200 test images" in capsys.readouterr().out


def test_unknown_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "nowhere"]) == 1
    assert "nowhere" in capsys.readouterr().err
