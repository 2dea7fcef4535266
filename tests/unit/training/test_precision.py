from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from fmnist.runs import Recipe


def choose(
    cache: str, paces: dict[str, float], steps: int, precision: str, **changes: Any
) -> tuple[dict[str, Any], int]:
    """Choose with the measurement replaced; return the choice and how often was measured."""
    from fmnist.training import precision as module

    recipe = Recipe("cnn", precision=precision, **changes)
    with (
        mock.patch.dict("os.environ", {"FMNIST_CACHE": cache}),
        mock.patch.object(
            module, "measure_pace", side_effect=lambda _, name, report, beside: paces[name]
        ) as spy,
    ):
        return module.choose_precision(recipe, steps), spy.call_count


def measure(precision: str) -> float:
    from fmnist.training.precision import measure_pace

    return measure_pace(Recipe("baseline", batch_size=16), precision, lambda step: None)


def record_progress(cache: str) -> list[tuple[float, str]]:
    """Measure both candidates and return what was reported meanwhile."""
    from fmnist.training.precision import choose_precision

    reported: list[tuple[float, str]] = []
    with mock.patch.dict("os.environ", {"FMNIST_CACHE": cache}):
        choose_precision(
            Recipe("baseline", batch_size=16), 5000,
            lambda share, detail: reported.append((share, detail)),
        )  # fmt: skip
    return reported


PACES = {"float32": 1000.0, "mixed_bfloat16": 1500.0}


@pytest.mark.parametrize("fastest", ["float32", "mixed_bfloat16"])
def test_auto_takes_the_faster_one_and_says_why(in_keras, tmp_path: Path, fastest: str) -> None:
    paces = PACES | {fastest: 2000.0}
    choice, _ = in_keras(choose, str(tmp_path), paces, 5000, "auto")
    assert choice["precision"] == fastest
    assert choice["images_per_second"] == paces
    assert "2,000 images per second" in choice["reason"]


def test_machine_is_measured_once_for_all_seeds(in_keras, tmp_path: Path) -> None:
    first, measured = in_keras(choose, str(tmp_path), PACES, 5000, "auto")
    again, measured_again = in_keras(choose, str(tmp_path), PACES, 5000, "auto")
    assert (measured, measured_again) == (2, 0)
    assert first == again


def test_damaged_record_is_measured_again(in_keras, tmp_path: Path) -> None:
    (tmp_path / "measured_precision.json").write_text("{")
    choice, measured = in_keras(choose, str(tmp_path), PACES, 5000, "auto")
    assert (choice["precision"], measured) == ("mixed_bfloat16", 2)
    assert json.loads((tmp_path / "measured_precision.json").read_text())


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_recipe_overrides_the_measurement(in_keras, tmp_path: Path, precision: str) -> None:
    choice, measured = in_keras(choose, str(tmp_path), PACES, 5000, precision)
    assert (choice["precision"], measured) == (precision, 0)


def test_short_run_is_not_measured(in_keras, tmp_path: Path) -> None:
    choice, measured = in_keras(choose, str(tmp_path), PACES, 50, "auto")
    assert (choice["precision"], measured) == ("float32", 0)
    assert "50 steps" in choice["reason"]


@pytest.mark.parametrize(
    "precision", ["float32", pytest.param("mixed_bfloat16", marks=pytest.mark.slow)]
)
def test_measured_pace_is_a_pace(in_keras, precision: str) -> None:
    assert 1 < in_keras(measure, precision) < 1e6


@pytest.mark.slow
def test_measurement_reports_each_step(in_keras, tmp_path: Path) -> None:
    reported = in_keras(record_progress, str(tmp_path))
    shares = [share for share, _ in reported]
    assert reported[0] == (0.0, "float32, step 1 of 11")
    assert (0.5, "mixed_bfloat16, step 1 of 11") in reported
    assert shares == sorted(set(shares))
    assert shares[-1] < 1
