from __future__ import annotations

import pytest

from fmnist.runs import Phase, RunState, Status
from fmnist.runs.progress import STAGES, list_stages

SPENT = {Phase.STARTING: 4.0, Phase.LOADING: 1.0, Phase.TRAINING: 30.0, Phase.VALIDATING: 2.0}


def list_places(status: Status | None, state: RunState) -> list[str]:
    return [stage.is_at for stage in list_stages(status, state)]


def test_every_phase_belongs_to_one_stage() -> None:
    phases = [phase for phases in STAGES.values() for phase in phases]
    assert sorted(phases) == sorted(Phase)


def test_stages_before_the_one_at_work_are_done_with_their_seconds() -> None:
    status = Status("running", Phase.VALIDATING, "a", phase_seconds=dict(SPENT))
    stages = list_stages(status, RunState.RUNNING)
    assert [stage.seconds for stage in stages] == [4, 1, 0, 32, 0, 0]
    assert [stage.is_at for stage in stages] == ["done"] * 3 + ["now"] + ["ahead"] * 2


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (RunState.FINISHED, ["done"] * 6),
        (RunState.STOPPED, ["done"] * 3 + ["ended"] + ["ahead"] * 2),
    ],
)
def test_run_that_is_over_ended_where_its_worker_was_last(
    state: RunState, expected: list[str]
) -> None:
    status = Status(str(state), state, "a", phase_seconds=dict(SPENT))
    assert list_places(status, state) == expected


def test_run_without_a_report_waits_or_starts() -> None:
    assert list_places(None, RunState.QUEUED) == ["ahead"] * 6
    assert list_places(None, RunState.RUNNING) == ["now"] + ["ahead"] * 5
