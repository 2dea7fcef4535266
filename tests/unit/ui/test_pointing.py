"""What the browser sends when a person points at a garment."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.images import Overrides
from fmnist.images.pipeline import prepare_picture
from fmnist.ui.predict.pointing import build_thumbnails, read_choice
from tests.support.garments import garment


@pytest.mark.parametrize(
    ("choice", "meant"),
    [
        ({}, Overrides()),
        ({"point": [0.25, 0.5]}, Overrides(point=(0.25, 0.5))),
        ({"box": [0.1, 0.2, 1.5, 0.9]}, Overrides(box=(0.1, 0.2, 1.0, 0.9))),
        ({"point": [0, 1], "candidate": 2}, Overrides(point=(0.0, 1.0), candidate=2)),
        ({"point": [0, 1], "box": [0, 0, 1, 1]}, Overrides(box=(0.0, 0.0, 1.0, 1.0))),
        ({"every": True}, Overrides(every=True)),
    ],
)
def test_choice(choice: dict, meant: Overrides) -> None:
    assert read_choice(choice) == meant


@pytest.mark.parametrize(
    "choice",
    [
        None, "point", [0.5, 0.5], {"point": "ab"}, {"point": [0.5]}, {"point": [0.5, None]},
        {"point": [float("nan"), 0.5]}, {"box": [0, 0, 1]}, {"candidate": -1}, {"candidate": True},
        {"candidate": 1.5}, {"every": 1},
    ],
)  # fmt: skip
def test_what_makes_no_sense_counts_for_nothing(choice: object) -> None:
    assert read_choice(choice) == Overrides()


def test_a_cut_out_that_looks_like_another_is_shown_once() -> None:
    picture = garment(background=(150, 140, 120), noise=12.0)
    prepared = prepare_picture(picture, "photo", Overrides(candidate=0))
    shown = build_thumbnails(prepared)
    assert shown[0]["number"] == 0
    assert all(each["source"].startswith("data:image/jpeg;base64,") for each in shown)
    masks = [prepared.candidates[each["number"]] for each in shown]
    apart = [(a != b).mean() for n, a in enumerate(masks) for b in masks[:n]]
    assert all(share > 0.01 for share in apart)
    assert len(masks) < len(prepared.candidates) or np.min(apart) > 0.01
