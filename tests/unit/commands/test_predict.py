"""The command ``predict``: which run answers, for which files, and how."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fmnist.__main__ import main
from fmnist.classes import CLASS_NAMES
from fmnist.commands import predict
from fmnist.runs import Run
from tests.support.inference import FakePool
from tests.support.runs import make_run


@pytest.fixture
def pictures(tmp_path: Path) -> list[str]:
    """A drawing, no picture, a missing file, a black picture, and the drawing again."""
    picture = np.zeros((100, 100), np.uint8)
    picture[20:90, 30:70] = 220
    Image.fromarray(picture).save(tmp_path / "drawing.png")
    (tmp_path / "words.png").write_text("no picture")
    Image.new("L", (50, 50)).save(tmp_path / "black.png")
    names = ("drawing.png", "words.png", "missing.png", "black.png", "drawing.png")
    return [str(tmp_path / name) for name in names]


def test_predict_answers_each_file_in_order_and_names_those_it_could_not_read(
    isolated: Path, pictures: list[str], monkeypatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run("finished", "cnn")
    (run.path / "model.keras").touch()
    monkeypatch.setattr(predict, "InferencePool", FakePool)
    assert main(["predict", "--json", *pictures]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["file"] for answer in answers] == pictures
    for answer in (answers[0], answers[4]):
        assert set(answer) == {"file", "label", "probabilities", "kind", "warning"}
        assert answer["label"] == "Ankle boot"
        assert list(answer["probabilities"]) == list(CLASS_NAMES)
        assert answer["kind"] in {"photo", "drawing"}
    for answer in answers[1:3]:
        assert set(answer) == {"file", "error"}
        assert Path(answer["file"]).name in answer["error"]
    assert answers[3]["label"] is None
    assert answers[3]["warning"]
    assert main(["predict", "--json", "--kind", "drawing", pictures[0]]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "drawing"
    assert main(["predict", *pictures]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith(f"{pictures[0]}: Ankle boot 91%")
    assert f"{pictures[1]}: error: " in lines[1]


def test_predict_takes_the_named_run_or_outside_or_cnn_or_any_with_a_model(
    isolated: Path, pictures: list[str], monkeypatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    class Listening(FakePool):
        def predict(self, run: Run, images: np.ndarray) -> np.ndarray:
            asked.append(run.run_id)
            return super().predict(run, images)

    monkeypatch.setattr(predict, "InferencePool", Listening)
    assert main(["predict", pictures[0]]) == 1
    assert "No network is trained yet" in capsys.readouterr().err
    (make_run("finished", "other").path / "model.keras").touch()
    main(["predict", pictures[0]])
    (make_run("finished", "cnn").path / "model.keras").touch()
    main(["predict", pictures[0]])
    (make_run("finished", "outside").path / "model.keras").touch()
    main(["predict", pictures[0]])
    main(["predict", "--run", "other", pictures[0]])
    assert asked == ["other", "cnn", "outside", "other"]
    assert main(["predict", "--run", "nothing", pictures[0]]) == 1
    make_run("queued", "empty")
    assert main(["predict", "--json", "--run", "empty", pictures[0]]) == 1


@pytest.mark.slow
def test_predict_asks_a_real_network(
    trained: Path, pictures: list[str], monkeypatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FMNIST_MODELS", str(trained))
    assert main(["predict", "--json", "--run", "whole", pictures[0]]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-4)
