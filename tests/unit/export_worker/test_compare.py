"""What an export may differ by, and what a person is told of one that differs by more."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.export_worker import FORMATS, Comparison
from fmnist.export_worker.compare import compare_answers, find_refusal


def test_answers_are_compared_image_by_image() -> None:
    expected = np.array([[0.9, 0.1], [0.4, 0.6], [0.5, 0.5], [0.8, 0.2]])
    answers = np.array([[0.7, 0.3], [0.4, 0.6], [0.4, 0.6], [0.8, 0.2]])
    found = compare_answers(np.array([0, 1, 1, 1]), expected, answers)
    assert found == Comparison(4, 3, pytest.approx(0.2), 0.75, 0.5)
    assert found.same_share == 0.75


def test_nan_is_a_difference_of_one() -> None:
    expected = np.array([[0.9, 0.1]])
    assert compare_answers(np.array([0]), expected, expected * np.nan).difference == 1.0


@pytest.mark.parametrize(
    ("kind", "found", "part"),
    [
        ("onnx", Comparison(10_000, 10_000, 1e-5, 0.9375, 0.9375), ""),
        ("onnx", Comparison(10_000, 10_000, 2e-5, 0.9375, 0.9375), "differ by up to 2e-05 on"),
        ("h5", Comparison(10_000, 9_999, 1e-6, 0.9376, 0.9375), "93.76% instead of 93.75%"),
        ("litert", Comparison(10_000, 9_950, 0.3, 0.93, 0.9375), ""),
        ("litert", Comparison(10_000, 9_949, 0.3, 0.93, 0.9375), "9,949 of 10,000 test images"),
        ("litert-int8", Comparison(10_000, 9_937, 0.3, 0.937, 0.9375), "99.37%, and 99.5% are"),
    ],
)
def test_what_differs_by_too_much_is_refused_with_the_figure(
    kind: str, found: Comparison, part: str
) -> None:
    refusal = find_refusal(found, FORMATS[kind])
    assert part in refusal
    assert bool(refusal) == bool(part)
