from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.runs import Phase
from fmnist.training import reporter as module
from fmnist.training.reporter import Reporter
from tests.support.runs import make_run


def test_status_says_how_long_each_phase_took(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 4.0, 4.0, 5.0, 5.0, 12.0, 12.0, 20.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(clock))
    run = make_run("queued")
    reporter = Reporter(run, "attempt", epochs=1)
    reporter.enter(Phase.LOADING)
    reporter.enter(Phase.TRAINING)
    reporter.enter(Phase.VALIDATING)
    reporter.conclude("stopped")
    status = run.load_status()
    assert status is not None
    assert sum(status.phase_seconds.values()) == 20
    assert status.phase_seconds[Phase.STARTING] == 4
    assert set(status.phase_seconds) == {
        Phase.STARTING, Phase.LOADING, Phase.TRAINING, Phase.VALIDATING,
    }  # fmt: skip
