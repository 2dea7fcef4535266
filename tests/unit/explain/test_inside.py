"""The inside of a network: asked once, and which of its maps are dead."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.errors import InferenceError
from fmnist.explain import inside
from fmnist.runs import Run
from tests.support.inside_pages import build_stages, fake_keras
from tests.support.runs import make_run

IMAGE = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
TRAIN = np.repeat(IMAGE[None], 3, axis=0)


@pytest.fixture
def run(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    fake_keras(monkeypatch)
    run = make_run("finished", "one")
    (run.path / "model.keras").write_bytes(b"a network")
    return run


def test_same_image_is_asked_about_once_until_the_network_changes(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def compute(path: Path, image: np.ndarray) -> list[inside.Stage]:
        asked.append(path)
        return build_stages(image)

    monkeypatch.setattr(inside, "compute_stages", compute)
    assert inside.load_stages(run, IMAGE) is inside.load_stages(run, IMAGE.copy())
    inside.load_stages(run, IMAGE + 1)
    assert len(asked) == 2
    (run.path / "model.keras").write_bytes(b"another network")
    inside.load_stages(run, IMAGE)
    assert len(asked) == 3


def test_dead_maps_are_zero_for_all_images_after_a_relu(run: Run) -> None:
    dead = inside.find_dead_maps(run, build_stages(IMAGE), TRAIN)
    assert dead["conv_1"].tolist() == [False, False, False, True]
    # Negative values are no sign of death where nothing sets them to zero.
    black = np.zeros((28, 28), np.uint8)
    dead = inside.find_dead_maps(run, build_stages(black), TRAIN * 0)
    assert dead["conv_1"].all()
    assert not dead["conv_2"].any()


def test_map_that_another_image_excites_is_not_dead(run: Run) -> None:
    black = np.zeros((28, 28), np.uint8)
    dead = inside.find_dead_maps(run, build_stages(black), TRAIN)
    assert dead["conv_1"].tolist() == [False, False, False, True]
    dead = inside.find_dead_maps(run, build_stages(IMAGE), TRAIN * 0)
    assert dead["conv_1"].tolist() == [False, False, False, True]


def test_run_without_a_keras_network_is_reported(isolated: Path) -> None:
    run = make_run("finished", "classical")
    assert not inside.has_maps(run)
    with pytest.raises(InferenceError, match="classical has no Keras network"):
        inside.load_stages(run, IMAGE)
