"""Small changes of an image, and the gallery that the project draws."""

from __future__ import annotations

import numpy as np

from fmnist.images.examples import SIDE, draw_examples
from fmnist.images.perturbations import make_perturbations
from fmnist.images.pipeline import prepare_picture

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[6:22, 8:18] = 150
IMAGE[6:10, 8:18] = 220


def centre(image: np.ndarray) -> tuple[float, float]:
    rows, columns = np.nonzero(image > 60)
    return float(rows.mean()), float(columns.mean())


def test_each_change_does_what_its_name_says() -> None:
    changes = make_perturbations(IMAGE)
    row, column = centre(IMAGE)
    assert centre(changes["left"]) == (row, column - 2)
    assert centre(changes["right"]) == (row, column + 2)
    assert centre(changes["up"]) == (row - 2, column)
    assert centre(changes["down"]) == (row + 2, column)
    assert (changes["smaller"] > 60).sum() < (IMAGE > 60).sum() < (changes["larger"] > 60).sum()
    assert changes["darker"].sum() < IMAGE.sum() < changes["brighter"].sum()
    assert (changes["mirrored"] == IMAGE[:, ::-1]).all()
    assert (changes["inverted"] > 0).sum() == (IMAGE > 0).sum()
    assert changes["inverted"][8, 12] == 35
    assert changes["inverted"][15, 12] == 105
    assert not (changes["turned left"] == changes["turned right"]).all()


def test_changes_are_images_and_leave_the_original() -> None:
    before = IMAGE.copy()
    for changed in make_perturbations(IMAGE).values():
        assert changed.shape == (28, 28)
        assert changed.dtype == np.uint8
        assert not (changed == IMAGE).all()
    assert (before == IMAGE).all()
    for changed in make_perturbations(np.zeros((28, 28), np.uint8)).values():
        assert not changed.any()


def test_gallery_is_always_the_same_and_the_path_reads_it() -> None:
    examples = draw_examples()
    draw_examples.cache_clear()
    assert all(
        (a.picture == b.picture).all() for a, b in zip(examples, draw_examples(), strict=True)
    )
    kinds = {example.title: prepare_picture(example.picture) for example in examples}
    assert len(kinds) == 8
    for title, prepared in kinds.items():
        assert prepared.warning is None
        assert 0.1 < (prepared.image > 40).mean() < 0.9
        if "doodle" in title:
            assert prepared.kind == "drawing"
        if "photo" in title:
            assert prepared.kind == "photo"
    assert examples[0].picture.shape == (SIDE, SIDE, 4)
