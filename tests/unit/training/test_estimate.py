"""Time left of a whole run, estimated from pieces of work of known length."""

from __future__ import annotations

import itertools

import pytest

from fmnist.training.estimate import WINDOW_SECONDS, Pace, TimeEstimate, Work

EPOCHS, BATCHES, BATCH_SIZE, VALIDATION, TEST = 4, 20, 32, 3000, 2000
SECONDS = {
    Work.BATCH: 0.5,
    Work.PREDICTION: 0.004,
    Work.AUGMENTATION: 0.002,
    Work.EPOCH_END: 1.5,
}
COMPILING = 12.0
"""What the first batch takes longer than the others."""


def list_work() -> list[tuple[Work, int, float]]:
    """List the work of a run in order, each with its seconds."""
    pieces = []
    for _ in range(EPOCHS):
        pieces += [(Work.BATCH, 1)] * BATCHES
        pieces += [(Work.PREDICTION, 1000)] * (VALIDATION // 1000)
        pieces += [(Work.EPOCH_END, 1)]
    pieces += [(Work.PREDICTION, 1000)] * (2 * (VALIDATION + TEST) // 1000)
    pieces += [(Work.AUGMENTATION, 100)] * (VALIDATION // 100)
    pieces += [(Work.PREDICTION, 1000)] * (2 * VALIDATION // 1000)
    work = [(kind, units, units * SECONDS[kind]) for kind, units in pieces]
    kind, units, seconds = work[0]
    return [(kind, units, seconds + COMPILING), *work[1:]]


def build_estimate() -> TimeEstimate:
    return TimeEstimate(
        epochs=EPOCHS, batches=BATCHES, batch_size=BATCH_SIZE, n_validation=VALIDATION, n_test=TEST
    )


def test_every_phase_is_in_the_time_left() -> None:
    estimate, work = build_estimate(), list_work()
    left = sum(seconds for _, _, seconds in work)
    errors, shares = [], []
    for kind, units, seconds in work:
        estimate.add(kind, units, seconds)
        left -= seconds
        if estimate.seconds_left is not None:
            errors.append(estimate.seconds_left - left)
            shares.append(estimate.progress)
    # Known from the second batch on, though it is the first that takes longest by far.
    assert len(errors) == len(work) - 1
    # Before anything but batches was measured: within a third of the truth.
    assert abs(errors[0]) < 0.33 * sum(seconds for _, _, seconds in work[2:])
    # From the second epoch on all but the augmentation is known.
    unmeasured = VALIDATION * SECONDS[Work.AUGMENTATION]
    assert max(map(abs, errors[2 * (BATCHES + 4) :])) <= unmeasured
    calibration = -(VALIDATION // 100) - 2 * VALIDATION // 1000 + 2
    assert errors[calibration:] == pytest.approx([0] * -calibration, abs=1e-6)
    assert estimate.seconds_left == 0
    assert shares[-1] == 1
    second_epoch = shares[BATCHES + 4 :]
    assert all(a <= b + 0.02 for a, b in itertools.pairwise(second_epoch))


def test_end_phases_have_time_left_after_the_last_epoch() -> None:
    estimate = build_estimate()
    for kind, units, seconds in list_work()[: EPOCHS * (BATCHES + 4)]:
        estimate.add(kind, units, seconds)
    estimate.finish_training()
    predictions = (2 * (VALIDATION + TEST) + 2 * VALIDATION) * SECONDS[Work.PREDICTION]
    assert estimate.seconds_left > predictions


def test_nothing_is_estimated_before_the_second_batch() -> None:
    estimate = build_estimate()
    assert estimate.seconds_left is None
    assert estimate.progress is None
    estimate.add(Work.BATCH, 1, COMPILING)
    assert estimate.seconds_left is None


def test_early_stopping_and_resuming_change_what_is_left() -> None:
    stopped, resumed = build_estimate(), build_estimate()
    resumed.begin_epoch(EPOCHS - 1)
    for estimate in (stopped, resumed):
        for _ in range(3):
            estimate.add(Work.BATCH, 1, 1.0)
        estimate.add(Work.PREDICTION, 1000, 9.0)
        estimate.add(Work.PREDICTION, 1000, 1.0)
    before = stopped.seconds_left
    assert resumed.seconds_left < 0.5 * before
    assert resumed.progress > 0.5
    stopped.finish_training()
    assert stopped.seconds_left < 0.4 * before


def test_pace_follows_the_last_seconds() -> None:
    pace = Pace()
    pace.add(1, 60.0)
    assert pace.seconds is None
    for _ in range(100):
        pace.add(1, 0.5)
    assert pace.seconds == pytest.approx(0.5)
    for _ in range(int(WINDOW_SECONDS) + 1):
        pace.add(1, 1.0)
    assert pace.seconds == pytest.approx(1.0)
