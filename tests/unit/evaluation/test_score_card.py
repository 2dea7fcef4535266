from __future__ import annotations

import numpy as np
import pytest

from fmnist.evaluation.score_card import HUMAN, PUBLISHED, compute_score_card
from fmnist.settings import PROJECT_DIR

RESULTS = (PROJECT_DIR / "docs" / "results.md").read_text("utf-8")


def answer(n_items: int, n_wrong: int) -> tuple[np.ndarray, np.ndarray]:
    """Answers of which the first ``n_wrong`` are wrong."""
    y_true = np.arange(n_items) % 10
    answers = np.where(np.arange(n_items) < n_wrong, (y_true + 1) % 10, y_true)
    return y_true, np.eye(10)[answers]


def test_copies_are_left_out() -> None:
    card = compute_score_card(*answer(100, 10), np.array([0, 1, 50, 51]))
    assert card.without_copies is not None
    assert (card.without_copies.n_items, card.without_copies.n_mistakes) == (96, 8)
    assert card.n_copies == 4


@pytest.mark.parametrize("copies", [None, np.arange(100)])
def test_what_is_unknown_or_all_of_it_is_not_left_out(copies: np.ndarray | None) -> None:
    assert compute_score_card(*answer(100, 10), copies).without_copies is None


def test_published_results_are_sorted_by_the_interval() -> None:
    card = compute_score_card(*answer(10_000, 450), None)  # 95.5 %, 95.1 to 95.9
    assert {one.name for one in card.within} >= {"DenseNet-BC", "Pre-activation ResNet-20"}
    assert HUMAN in card.below
    assert {one.name for one in card.above} >= {"WRN-40-4", "Shake-shake"}
    assert len(card.below) + len(card.within) + len(card.above) == len(PUBLISHED)


@pytest.mark.parametrize("one", PUBLISHED[1:], ids=lambda one: one.name)
def test_every_published_figure_stands_in_the_results(one: object) -> None:
    name = one.name.removesuffix(", at most").lower()
    lines = [line.lower() for line in RESULTS.splitlines() if line.startswith("|")]
    assert any(name in line and f"{one.accuracy:.1%}" in line for line in lines)
