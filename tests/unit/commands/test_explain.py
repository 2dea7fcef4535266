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
from fmnist.data import load_dataset
from fmnist.explain import gradients, inside, nudge
from fmnist.keras_worker import Stage
from fmnist.runs import open_run
from tests.support.inference import FakePool
from tests.support.networks import CornerPool
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


class CornerNetwork(CornerPool):
    """Predicts class 3 with the brightness of the upper left corner; needs no conversion."""

    prepare = FakePool.prepare


@pytest.fixture
def bright_corner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A picture of the data set's kind whose corner gives class 3 a probability of 0.54."""
    monkeypatch.setattr(explain, "InferencePool", CornerNetwork)
    (open_run("one").path / "model.keras").write_text(f"a network of {tmp_path}")
    image = np.zeros((28, 28), np.uint8)
    image[2:8, 2:8] = 138
    image[10:20, 10:20] = 250
    monkeypatch.setattr(explain, "_find_image", lambda _item: image)
    return str(tmp_path / "any.png")


def test_nudge(
    bright_corner: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gradient = np.zeros((28, 28), np.float32)
    gradient[2:8, 2:8] = -1
    monkeypatch.setattr(nudge, "differentiate_loss", lambda *_: gradient)
    assert main(["explain", "one", bright_corner, "--method", "nudge", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["class"], answer["smallest_step"]) == ("Dress", 11)  # 127 of 255
    assert answer["becomes"] == "T-shirt/top"
    assert answer["nudged"][2][2] == 127
    assert [step["Dress"] >= 0.5 for step in answer["steps"][:12]] == [True] * 11 + [False]
    assert [answer["one_pixel"][key] for key in ("row", "column", "value")] == [2, 2, 0]
    assert main(["explain", "one", bright_corner, "--method", "nudge"]) == 0
    text = capsys.readouterr().out
    assert "**11 grey levels of 255**" in text
    assert "One pixel: row 2, column 2, set to 0, takes 54.1% to 52.6%; 0 pixels change" in text


def test_nearest_items_vote(bright_corner: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "one", bright_corner, "--method", "nearest", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    labels = load_dataset().y_train
    assert len(answer["neighbours"]) == 10
    names = [explain.CLASS_NAMES[labels[row]] for row, _ in answer["neighbours"]]
    assert names == [name for _, name in answer["neighbours"]]
    assert names.count(answer["vote"]) == max(map(names.count, names))
    assert main(["explain", "one", bright_corner, "--method", "nearest"]) == 0
    assert f"nearest says **{answer['vote']}**" in capsys.readouterr().out


def test_layers(
    bright_corner: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    maps = np.zeros((14, 14, 3), np.float32)
    maps[3, 4, 1] = 196.0
    stages = [Stage("conv_1", ("conv_1", "relu_1"), maps, is_rectified=True)]
    monkeypatch.setattr(inside, "compute_stages", lambda *_: stages)
    monkeypatch.setattr(
        inside, "find_maxima", lambda *_: {"conv_1": (np.array([[0.0, 5.0, 2.0]]), None)}
    )
    assert main(["explain", "one", bright_corner, "--method", "layers", "--json"]) == 0
    (stage,) = json.loads(capsys.readouterr().out)["stages"]
    assert (stage["name"], stage["shape"], stage["dead"]) == ("conv_1", [14, 14, 3], [0])
    assert (stage["highest"], stage["mean"]) == ([0, 196, 0], [0, 1, 0])
    assert main(["explain", "one", bright_corner, "--method", "layers"]) == 0
    assert "conv_1: 14×14, 3 maps, 1 dead; map 1 has the highest value" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["one", "200"], "no test item 200: they are 0 to 199"),
        (["one", "missing.png"], "missing.png can't be read"),
        (["one", "7", "--against", "Ankle boot"], "can't be compared with itself"),
        (["one", "7", "--method", "nudge", "--class", "Bag"], "leave out --class"),
    ],
)
def test_what_can_not_be_explained(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", *given]) == 1
    assert said in capsys.readouterr().err
