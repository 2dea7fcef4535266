"""What happens to a real training when the disk is full or its directory is deleted."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from fmnist.launching import list_queue, resume_run, start_run
from fmnist.runs import Run, RunState, open_run
from tests.support.in_keras_training import RECIPE
from tests.support.launching import processes_of, wait_for, wait_for_state

pytestmark = pytest.mark.slow

SECONDS = 240.0
DISK_MB = 64


@pytest.fixture
def models(isolated: Path) -> Iterator[Path]:
    yield isolated
    for process in processes_of(isolated):
        process.kill()


@pytest.fixture
def small_disk(models: Path) -> Iterator[Path]:
    """The models folder on a separate disk in memory."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root may mount the small disk that this test fills")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(models)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    yield models
    for process in processes_of(models):
        process.kill()
    wait_for(lambda: subprocess.run(["umount", str(models)], check=False).returncode == 0)


def fill(disk: Path, *, leave: int) -> None:
    """Fill a disk until only this many bytes are left."""
    free = shutil.disk_usage(disk).free
    with suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        os.posix_fallocate(file.fileno(), 0, max(free - leave, 1))


def assert_same_history(one: Run, other: Run) -> None:
    expected = other.load_history()
    for name, values in one.load_history().items():
        if name != "seconds":
            np.testing.assert_allclose(values, expected[name], rtol=0, atol=1e-4, err_msg=name)


@pytest.mark.parametrize("leave", [5_000_000, 0], ids=["no-checkpoint", "no-byte"])
def test_full_disk_is_explained_and_the_run_is_resumed_after_space_was_freed(
    small_disk: Path, leave: int
) -> None:
    undisturbed = start_run(RECIPE, run_id="undisturbed")
    wait_for_state(undisturbed, RunState.FINISHED, SECONDS)
    run = start_run(RECIPE, run_id="run")
    wait_for((run.path / "checkpoint" / "progress.json").exists, SECONDS)
    fill(small_disk, leave=leave)
    wait_for(lambda: run.load_state() in {RunState.FAILED, RunState.FINISHED}, SECONDS)
    status = run.load_status()
    assert status.state == "failed", "the disk was filled too late"
    assert "The disk is full" in status.error
    assert str(run.path) in status.error
    assert "Free space, then resume" in status.error
    assert run.model_path is not None

    (small_disk / "filler").unlink()
    wait_for(lambda: not processes_of(small_disk), SECONDS)
    resume_run("run")
    wait_for_state(run, RunState.FINISHED, SECONDS)
    assert_same_history(run, undisturbed)
    assert not list(run.path.rglob(".*.tmp*"))


def test_run_deleted_while_it_trains_stays_deleted_and_the_next_one_trains(models: Path) -> None:
    doomed = start_run(RECIPE.__class__.from_dict({**RECIPE.to_dict(), "epochs": 200}), run_id="d")
    after = start_run(RECIPE, run_id="after")
    wait_for((doomed.path / "history.csv").exists, SECONDS)
    deadline = time.monotonic() + 30
    while doomed.path.exists():  # a file may be written while the others are deleted
        shutil.rmtree(doomed.path, ignore_errors=True)
        assert time.monotonic() < deadline
    wait_for(lambda: not list_queue(), 30)  # the worker has ended, the next one begins
    wait_for_state(after, RunState.FINISHED, SECONDS)
    wait_for(lambda: not processes_of(models))
    assert not doomed.path.exists()


def test_other_run_of_the_same_name_is_left_alone(models: Path) -> None:
    """Deleted while it trains, and started again under its name before its worker has noticed."""
    values = RECIPE.to_dict()
    old = start_run(RECIPE.__class__.from_dict({**values, "epochs": 200}), run_id="x")
    wait_for((old.path / "history.csv").exists, SECONDS)
    old.path.rename(models / ".gone")
    start_run(RECIPE.__class__.from_dict({**values, "epochs": 1, "seed": 7}), run_id="x")
    new = open_run("x")
    wait_for_state(new, RunState.FINISHED, SECONDS)
    assert len(new.load_history()["epoch"]) == 1
    assert new.load_report().seed == 7
