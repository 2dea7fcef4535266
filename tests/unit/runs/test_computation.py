from __future__ import annotations

import errno
from pathlib import Path

import pytest

from fmnist.errors import RunError
from fmnist.runs.computation import Computation, Progress
from tests.support.runs import make_run, write_launch


@pytest.fixture
def computation(tmp_path: Path) -> Computation:
    return Computation(tmp_path)


def test_progress_is_written_and_ends_at_one(computation: Computation) -> None:
    assert computation.load_progress() == Progress()
    seen = []

    def compute(report) -> None:
        report("Halving", 0.5)
        seen.append(computation.load_progress())
        report("Rounding", 1.5)

    assert computation.work(compute) == 0
    assert seen == [Progress("Halving", 0.5)]
    assert computation.load_progress() == Progress("Done", 1.0)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RunError("There is no such run."), "There is no such run."),
        (OSError(errno.ENOSPC, "No space left"), "the disk is full"),
    ],
)
def test_error_is_kept_for_the_page(
    computation: Computation, error: Exception, expected: str
) -> None:
    def compute(_report) -> None:
        raise error

    assert computation.work(compute) == 1
    assert expected in computation.load_progress().error


def test_process_that_died_has_an_error(isolated: Path) -> None:
    run = make_run("queued")
    computation = Computation(run.path)
    write_launch(run, alive=False)
    (run.path / "launch.json").rename(computation.launch_path)
    computation.report("Halving", 0.5)
    assert not computation.is_running
    assert "ended early" in computation.load_progress().error
    computation.report("Done", 1.0)
    assert computation.load_progress().error == ""
