from __future__ import annotations

import numpy as np
import pytest

from fmnist.errors import RunError
from fmnist.evaluation.challenge import choose_challenge, score_answers
from fmnist.evaluation.mistakes import build_item_table


def make_items(n: int):
    """Return items of which the first have the closest calls, and every third is a mistake."""
    labels = np.arange(n) % 10
    y_proba = np.full((n, 10), 0.01)
    first = 0.455 + 0.45 * np.arange(n) / n
    y_proba[np.arange(n), (labels + (np.arange(n) % 3 == 0)) % 10] = first
    y_proba[np.arange(n), (labels + 5) % 10] = 0.92 - first
    return build_item_table(labels, y_proba)


def test_half_of_the_images_are_of_the_closest_calls() -> None:
    challenge = choose_challenge(make_items(1000), 4)
    assert len(set(challenge.rows.tolist())) == 20
    assert challenge.is_hard.sum() == 10
    assert (challenge.rows[challenge.is_hard] < 50).all()
    assert (challenge.rows[~challenge.is_hard] >= 50).all()
    # Mixed: neither half comes first.
    assert 0 < challenge.is_hard[:10].sum() < 10
    np.testing.assert_array_equal(challenge.y_true, challenge.rows % 10)


def test_seed_chooses_the_images() -> None:
    items = make_items(1000)
    first, again, other = (choose_challenge(items, seed).rows for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert set(first.tolist()) != set(other.tolist())


def test_too_few_images_are_refused() -> None:
    assert len(choose_challenge(make_items(20), 0).rows) == 20
    with pytest.raises(RunError, match="needs 20 test images; there are 19"):
        choose_challenge(make_items(19), 0)


def test_score_counts_all_and_hard_ones() -> None:
    challenge = choose_challenge(make_items(1000), 0)
    answers = challenge.y_true.copy()
    hard = np.flatnonzero(challenge.is_hard)
    answers[hard[:3]] = (answers[hard[:3]] + 1) % 10
    score = score_answers(challenge, answers, "You")
    assert (score.correct, score.correct_hard) == (17, 7)
    assert (score.counts.sum(), np.trace(score.counts)) == (20, 17)
    row = challenge.y_true[hard[0]]
    assert score.counts[row, (row + 1) % 10] >= 1
