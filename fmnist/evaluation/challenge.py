"""Twenty test images that a person and a network classify, half of them hard for the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fmnist.errors import RunError
from fmnist.evaluation.metrics import compute_confusion

N_ITEMS: Final = 20
N_HARD: Final = N_ITEMS // 2

HARD_SHARE: Final = 0.05
"""Share of the test set with the closest calls, from which the hard images are drawn: on the
official test set 500, of which a good network gets about half right."""


@dataclass(frozen=True)
class Challenge:
    """The images of one round, in the order in which they are shown.

    Attributes:
        rows: rows of the test set, int64 ``(20,)``.
        y_true: labels, int64 ``(20,)``.
        y_network: what the network predicts, int64 ``(20,)``.
        is_hard: whether the network's call is among the closest, bool ``(20,)``.
    """

    rows: NDArray[np.int64]
    y_true: NDArray[np.int64]
    y_network: NDArray[np.int64]
    is_hard: NDArray[np.bool_]


@dataclass(frozen=True)
class ChallengeScore:
    """The score of a player.

    Attributes:
        name: the player's name.
        correct: number of images classified correctly, 0 to 20.
        correct_hard: number of the ten hard images classified correctly.
        counts: confusion matrix, int64 ``(10, 10)``, true class by answer.
    """

    name: str
    correct: int
    correct_hard: int
    counts: NDArray[np.int64]


def choose_challenge(items: pd.DataFrame, seed: int) -> Challenge:
    """Return ten images at random of those with the closest calls, and ten of the others, mixed.

    Args:
        items: as of ``build_item_table``.
        seed: the same seed chooses the same images.

    Raises:
        RunError: there are too few images.
    """
    rng = np.random.default_rng(seed)
    closest = np.argsort(items["margin"].to_numpy(), kind="stable")
    n_hard = max(N_HARD, round(HARD_SHARE * len(items)))
    if len(items) - n_hard < N_ITEMS - N_HARD:
        raise RunError(f"A round needs {N_ITEMS} test images; there are {len(items)}.")
    hard = rng.choice(closest[:n_hard], N_HARD, replace=False)
    others = rng.choice(closest[n_hard:], N_ITEMS - N_HARD, replace=False)
    places = rng.permutation(np.concatenate([hard, others]))
    chosen = items.iloc[places]
    return Challenge(
        rows=chosen["index"].to_numpy(),
        y_true=chosen["true_label"].to_numpy(),
        y_network=chosen["predicted_label"].to_numpy(),
        is_hard=np.isin(places, hard),
    )


def score_answers(
    challenge: Challenge, answers: Sequence[int] | NDArray[np.int64], name: str
) -> ChallengeScore:
    """Return the score of a player.

    Args:
        challenge: the images.
        answers: the player's label for each image, 0 to 9.
        name: the player's name.
    """
    given = np.asarray(answers, np.int64)
    is_right = given == challenge.y_true
    return ChallengeScore(
        name,
        int(is_right.sum()),
        int(is_right[challenge.is_hard].sum()),
        compute_confusion(challenge.y_true, given),
    )
