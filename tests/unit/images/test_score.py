"""A poor cut-out gets no class."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.images import Overrides, Prepared
from fmnist.images.pipeline import prepare_picture
from fmnist.images.segment import segmentation
from fmnist.images.segment.candidates import Candidate
from fmnist.images.segment.score import find_fault

BLUE, SAND = (40, 60, 140), (180, 160, 130)


def build_mask(rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros((160, 120), bool)
    mask[rows, columns] = True
    return mask


MASKS = {
    "good": build_mask(slice(30, 130), slice(30, 90)),
    "more than the garment": build_mask(slice(5, 155), slice(5, 115)),
    "too little": build_mask(slice(70, 82), slice(55, 67)),
    "edge": build_mask(slice(0, 100), slice(0, 80)),
}


def paint(mask: np.ndarray, fabric: tuple = BLUE) -> np.ndarray:
    """Return fabric where the mask is, on sand; uint8 (160, 120, 3)."""
    noise = np.random.default_rng(1).normal(0, 4, (*mask.shape, 3))
    return np.clip(np.where(mask[..., None], fabric, SAND) + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("fault", [name for name in MASKS if name != "good"])
def test_fault_is_reported_with_its_remedy(fault: str) -> None:
    said = find_fault(paint(MASKS[fault]), MASKS[fault])
    assert said is not None
    assert fault in said
    assert said.startswith("No answer: ")
    assert said.endswith(("of another colour.", "or crop the picture."))


def test_fabric_of_the_background_colour_is_a_fault() -> None:
    mask = MASKS["good"]
    assert find_fault(paint(mask), mask) is None
    assert "too close to its surroundings" in find_fault(paint(mask, (184, 163, 132)), mask)


@pytest.fixture
def prepare(monkeypatch: pytest.MonkeyPatch):
    """Return what prepares a picture whose only candidate runs along its edge."""
    mask = MASKS["edge"]

    def find(*_: object, **__: object) -> list[Candidate]:
        return [Candidate("background", mask, 2.0)]

    monkeypatch.setattr(segmentation, "find_garment", find)
    picture = np.dstack([paint(mask), np.full(mask.shape, 255, np.uint8)])

    def prepare(overrides: Overrides = Overrides()) -> Prepared:  # noqa: B008
        return prepare_picture(picture, "photo", overrides)

    return prepare


def test_poor_cut_out_is_refused_unless_a_person_chose_it(prepare) -> None:
    refused = prepare()
    assert "touches" in refused.refusal
    assert refused.warning is None
    assert refused.image.any()
    assert prepare(Overrides(point=(0.5, 0.5))).refusal == refused.refusal
    assert prepare(Overrides(every=True)).refusal == refused.refusal
    for chosen in (Overrides(candidate=0), Overrides(find=False), Overrides(box=(0, 0, 1, 1))):
        assert prepare(chosen).refusal is None
