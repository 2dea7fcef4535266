"""The command ``explain``: a map for a test item or a picture file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from fmnist.__main__ import main
from fmnist.commands import explain
from fmnist.explain import gradients
from fmnist.runs import open_run
from tests.support.inference import FakePool
from tests.support.runs import make_run


@pytest.fixture(autouse=True)
def asked(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the Keras worker was asked for; it finds evidence in the first row alone."""
    questions: list[Any] = []

    def attribute(_path: Path, images: np.ndarray, *question: Any) -> tuple[np.ndarray, str]:
        questions.append(question)
        values = np.zeros((len(images), 28, 28), np.float32)
        values[:, 0] = 2.0
        return values, "a_layer"

    (make_run("finished", "one").path / "model.keras").write_bytes(b"a network")
    monkeypatch.setattr(explain, "InferencePool", FakePool)
    monkeypatch.setattr(gradients, "attribute_pixels", attribute)
    return questions


def test_item_is_explained(asked: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "one", "7", "--against", "Shirt", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [answer[key] for key in ("run", "item", "method")] == ["one", "7", "layercam"]
    assert answer["class"] == "Ankle boot"
    assert answer["against"] == "Shirt"
    assert answer["values"][0] == [2.0] * 28
    assert answer["values"][1] == [0.0] * 28
    (question,) = asked
    assert question == ("layercam", np.array([9]), np.array([6]))
    assert main(["explain", "one", "7", "--method", "gradcam", "--class", "Bag"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("one, 7: Bag (1.0%), by gradcam")
    assert lines[1:3] == ["+9" * 28, " ." * 28]


def test_faithfulness_of_all_methods(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (open_run("one").path / "model.keras").write_text(f"a network of {tmp_path}")
    assert main(["explain", "one", "7", "--faithfulness", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["faithfulness"]
    assert found["n_images"] == 100
    # The network says the same of whatever is left of an image; its tenth class is the answer.
    methods = {"brightness", "random", "layercam", "gradcam", "occlusion", "gradient"}
    assert (
        found["deletion"]
        == found["insertion"]
        == {name: pytest.approx(0.91, abs=1e-5) for name in methods}
    )
    assert main(["explain", "one", "7", "--faithfulness", "--method", "gradcam"]) == 0
    assert "Faithfulness of Grad-CAM" in capsys.readouterr().out


def test_picture_file_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = np.zeros((100, 100), np.uint8)
    picture[20:90, 30:70] = 220
    Image.fromarray(picture).save(tmp_path / "drawing.png")
    assert main(["explain", "one", str(tmp_path / "drawing.png"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["class"] == "Ankle boot"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["one", "200"], "no test item 200: they are 0 to 199"),
        (["one", "missing.png"], "missing.png can't be read"),
        (["one", "7", "--against", "Ankle boot"], "can't be compared with itself"),
    ],
)
def test_what_can_not_be_explained(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *given]) == 1
    assert said in capsys.readouterr().err
