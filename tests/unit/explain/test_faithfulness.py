"""Faithfulness, with a network that looks at 36 pixels of a corner and nowhere else."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fmnist.errors import MethodError
from fmnist.explain.faithfulness import (
    BRIGHTNESS,
    RANDOM,
    Faithfulness,
    compute_areas,
    describe_faithfulness,
    load_faithfulness,
    load_kept_faithfulness,
    measure_faithfulness,
)
from fmnist.explain.occlusion import attribute_by_occlusion
from fmnist.runs import Run
from tests.support.networks import CornerPool
from tests.support.runs import make_run

WHITE = np.full((28, 28), 255, np.uint8)
IMAGES = np.full((20, 28, 28), 100, np.uint8)
IMAGES[:, 2:8, 2:8] = 250
DATASET: Any = SimpleNamespace(
    x_test=IMAGES, y_test=np.full(20, 3, np.uint8), fingerprints={"test": "t"}
)
METHODS = {"occlusion": attribute_by_occlusion}


@pytest.fixture
def run(isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    return make_run("finished", "any")


def mark_corner() -> np.ndarray:
    values = np.zeros((28, 28), np.float32)
    values[2:8, 2:8] = 1
    return values


def test_areas_of_a_map_of_what_the_network_looks_at(run: Run) -> None:
    # 28 of the 36 pixels change in the first of 28 steps, the others in the second. A white image
    # stays white where it is blurred, so that insertion changes nothing.
    deletion, insertion = compute_areas(CornerPool(), run, WHITE, 3, mark_corner())
    assert deletion == pytest.approx((1 / 2 + 8 / 36) / 28, abs=1e-5)
    assert insertion == pytest.approx(1)


def test_insertion_begins_with_the_blurred_image(run: Run) -> None:
    image = np.zeros((28, 28), np.uint8)
    image[2:8, 2:8] = 255
    deletion, insertion = compute_areas(CornerPool(), run, image, 3, mark_corner())
    _, last = compute_areas(CornerPool(), run, image, 3, 1 - mark_corner())
    assert deletion == pytest.approx((1 / 2 + 8 / 36) / 28, abs=1e-5)
    assert last < 0.8 < insertion < 1


def test_evidence_against_a_class_counts_as_none(run: Run) -> None:
    values = mark_corner() - 0.5  # all but the corner speaks against the class
    expected = compute_areas(CornerPool(), run, WHITE, 3, mark_corner())
    assert compute_areas(CornerPool(), run, WHITE, 3, values) == expected
    nothing = compute_areas(CornerPool(), run, WHITE, 3, np.zeros((28, 28), np.float32))
    assert compute_areas(CornerPool(), run, WHITE, 3, -mark_corner()) == nothing


def test_what_the_network_needs_beats_chance_and_is_the_same_again(run: Run) -> None:
    shares: list[float] = []
    found = measure_faithfulness(CornerPool(), run, DATASET, METHODS, shares.append)
    assert found.n_images == 20
    assert set(found.deletion) == set(found.insertion) == {BRIGHTNESS, RANDOM, "occlusion"}
    assert found.deletion["occlusion"] < 0.05
    assert found.deletion[BRIGHTNESS] < 0.05
    assert found.deletion[RANDOM] == pytest.approx(0.5, abs=0.05)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert measure_faithfulness(CornerPool(), run, DATASET, METHODS, shares.append) == found


def test_what_was_measured_is_kept_until_the_network_changes(run: Run) -> None:
    (run.path / "model.keras").write_bytes(b"one network")
    assert load_kept_faithfulness(run, DATASET) is None
    shares: list[float] = []
    found = load_faithfulness(CornerPool(), run, DATASET, METHODS, shares.append)
    assert load_kept_faithfulness(run, DATASET) == found
    shares.clear()
    assert load_faithfulness(CornerPool(), run, DATASET, METHODS, shares.append) == found
    assert not shares
    (run.path / "model.keras").write_bytes(b"another network")
    assert load_kept_faithfulness(run, DATASET) is None


def test_method_that_does_not_beat_brightness_says_so() -> None:
    found = Faithfulness(
        100,
        {BRIGHTNESS: 0.4, RANDOM: 0.6, "good": 0.35, "equal": 0.4, "half": 0.5},
        {BRIGHTNESS: 0.6, RANDOM: 0.4, "good": 0.65, "equal": 0.6, "half": 0.7},
    )
    assert "does not beat brightness on this run" in describe_faithfulness("equal", "Equal", found)
    assert "in insertion, but **not in deletion**" in describe_faithfulness("half", "Half", found)
    text = describe_faithfulness("good", "Good", found)
    assert "better than brightness" in text
    assert "not" not in text
    assert "Deletion AUC 0.350 (lower is better; brightness 0.400, random 0.600)" in text
    assert "insertion AUC 0.650 (higher is better; brightness 0.600, random 0.400)" in text


def test_method_that_explains_no_network_of_this_kind_is_left_out(run: Run) -> None:
    def refuse(*_given: object) -> np.ndarray:
        raise MethodError("no maps")

    methods = {"layercam": refuse, **METHODS}
    found = measure_faithfulness(CornerPool(), run, DATASET, methods, lambda _share: None)
    assert set(found.deletion) == {BRIGHTNESS, RANDOM, "occlusion"}
    assert describe_faithfulness("layercam", "LayerCAM", found) == ""
