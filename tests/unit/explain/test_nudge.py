"""The nudge of an image, with a network that looks at a corner and nowhere else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.errors import InferenceError
from fmnist.explain import nudge
from fmnist.explain.nudge import STEPS, compute_nudge, find_one_pixel
from fmnist.runs import Run
from tests.support.networks import CornerPool
from tests.support.runs import make_run

IMAGE = np.full((28, 28), 250, np.uint8)
IMAGE[2:8, 2:8] = 138  # class 3 with a probability of 0.54


@pytest.fixture
def run(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def differentiate(_path: Path, image: np.ndarray, label: int) -> np.ndarray:
        assert label == 3
        gradient = np.zeros(image.shape, np.float32)
        gradient[2:8, 2:8] = -1e-6
        gradient[20:] = 0.5
        return gradient

    monkeypatch.setattr(nudge, "differentiate_loss", differentiate)
    run = make_run("finished", "one")
    (run.path / "model.keras").write_bytes(b"a network")
    return run


def test_smallest_step_that_changes_the_class(run: Run) -> None:
    found = compute_nudge(CornerPool(), run, IMAGE)
    # 138 - 11 is less than half of 255.
    assert found.smallest == 11
    assert found.y_proba.shape == (STEPS + 1, 10)
    np.testing.assert_array_equal(found.images[0], IMAGE)
    moved = found.images[11].astype(int) - IMAGE
    assert set(moved[2:8, 2:8].ravel()) == {-11}
    assert set(moved[20:].ravel()) == {5}  # white is the end
    assert set(moved[10:20].ravel()) == {0}


def test_image_that_no_step_changes(run: Run) -> None:
    bright = np.full((28, 28), 255, np.uint8)
    assert compute_nudge(CornerPool(), run, bright).smallest is None


def test_one_pixel_that_matters_most(run: Run) -> None:
    shares: list[float] = []
    found = find_one_pixel(CornerPool(), run, IMAGE, shares.append)
    assert (found.row, found.column, found.value) == (2, 2, 0)  # the first of 36 alike
    assert found.n_changing == 0
    assert shares[-1] == 1.0
    image = IMAGE.copy()
    image[2:8, 2:8] = 129  # one black pixel of 36 leaves 125.4
    assert find_one_pixel(CornerPool(), run, image, shares.append).n_changing == 36


def test_run_without_gradients_is_reported(isolated: Path) -> None:
    with pytest.raises(InferenceError, match="has no Keras network"):
        compute_nudge(CornerPool(), make_run("finished", "none"), IMAGE)
