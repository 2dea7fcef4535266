"""One round of a session: its images, and the answers so far."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Final

from fmnist.errors import RunError
from fmnist.evaluation.challenge import N_ITEMS, Challenge, choose_challenge
from fmnist.evaluation.mistakes import build_item_table
from fmnist.runs import Run
from fmnist.ui.shell.url import read_integer, write_parameter

_SEEDS: Final = 1_000_000


@dataclass
class Round:
    """The round that a person plays; nothing that reveals an answer is sent beforehand.

    Attributes:
        run_id: the run of the opponent.
        challenge: the images, None before a start.
        fingerprint: the fingerprint of their test set.
        seed: the seed that chose them.
        answers: the labels that the person gave, in order.
        seconds: the time that each answer took.
        shown: the time when the current image was shown, in seconds of a clock that only goes
            forward.
    """

    run_id: str = ""
    challenge: Challenge | None = None
    fingerprint: str = ""
    seed: int | None = None
    answers: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    shown: float = 0.0

    def start(self, run: Run) -> None:
        """Begin: with the images of the URL's ``round``, unless they were just played.

        Raises:
            RunError: the run's predictions are missing or too few.
        """
        predictions = run.load_predictions()
        if predictions is None:
            raise RunError(f"{run.run_id} kept no predictions. Choose another run.")
        asked = read_integer("round", high=_SEEDS - 1)
        seed = secrets.randbelow(_SEEDS) if asked is None or asked == self.seed else asked
        items = build_item_table(predictions.test_true, predictions.test_proba)
        self.challenge = choose_challenge(items, seed)
        self.run_id, self.seed = run.run_id, seed
        self.fingerprint = predictions.test_fingerprint
        self.answers, self.seconds = [], []
        self.shown = time.monotonic()
        write_parameter("round", str(seed))

    def answer(self, place: int, label: int) -> None:
        """Record an answer to the image at a place, once: a second click on it is ignored."""
        if place == len(self.answers) < N_ITEMS:
            now = time.monotonic()
            self.answers.append(label)
            self.seconds.append(now - self.shown)
            self.shown = now
