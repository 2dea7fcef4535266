"""Kill -9 at random moments: ``make torture`` does 30 rounds, ``make test-all`` three.

A round starts a run, kills its worker at a random moment, resumes it, perhaps kills it again, and
lets it finish. In every other round the worker kills itself right before or after a random one of
its operations on files, which are the worst moments.
"""

from __future__ import annotations

import filecmp
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest

from fmnist.launching import ensure_dispatcher, resume_run, start_run
from fmnist.runs import Recipe, Run, RunState, create_run
from fmnist.runs.files import load_json
from fmnist.settings import PROJECT_DIR
from tests.support.launching import dispatchers, processes_of, wait_for

pytestmark = pytest.mark.slow

ROUNDS = int(os.environ.get("FMNIST_TORTURE_ROUNDS", "3"))
SEED = int(os.environ.get("FMNIST_TORTURE_SEED", str(random.randrange(10**6))))
WAIT_SECONDS = 240.0

RECIPE = Recipe(
    "baseline", epochs=3, batch_size=32, seed=3, augmentation="flip_shift", validation_share=0.2,
    precision="float32",
)  # fmt: skip


def log(what: str) -> None:
    """Print the progress, since the test takes minutes."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


SUICIDE = """
import os, signal, sys
from pathlib import Path

moments, at = 0, int(sys.argv[3])


def watch(name):
    operation = getattr(os, name)

    def do(*given, **named):
        for moment in ("before", "after"):
            global moments
            moments += 1
            if moments == at:
                print("killed", moment, name, given[0], flush=True)
                os.kill(os.getpid(), signal.SIGKILL)
            if moment == "before":
                result = operation(*given, **named)
        return result

    setattr(os, name, do)


for name in ("fsync", "replace", "link", "unlink"):
    watch(name)
from fmnist.training.__main__ import work

code = work(Path(sys.argv[1]), sys.argv[2])
print("moments", moments, flush=True)
sys.exit(code)
"""


@pytest.fixture
def models(isolated: Path) -> Iterator[Path]:
    yield isolated
    for process in processes_of(isolated):
        process.kill()


def work_directly(run: Run, kill_at: int) -> int:
    """Train without a dispatcher; return how many moments there were, 0 if it was killed."""
    done = subprocess.run(
        [sys.executable, "-c", SUICIDE, str(run.path), "direct", str(kill_at)], cwd=PROJECT_DIR,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "2"}, stdin=subprocess.DEVNULL, text=True,
        capture_output=True, timeout=WAIT_SECONDS, check=False,
    )  # fmt: skip
    last = (done.stdout.splitlines() or [""])[-1]
    log(f"    {last}")
    return int(last.split()[1]) if last.startswith("moments") else 0


def find_workers(models: Path) -> list[psutil.Process]:
    return processes_of(models, ("fmnist.training",))


def is_running(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_later(models: Path, run: Run, rng: random.Random, seconds: float) -> None:
    """Kill the worker, and sometimes first the dispatcher, at a random moment of its life.

    Two times of three the moment lies after the import of TensorFlow, which takes the longest and
    has the least to lose.
    """
    imported, dispatcher = rng.random() < 0.67, rng.random() < 0.3

    def is_there() -> bool:  # a process that is just starting has no command line for an instant
        return bool(find_workers(models)) or run.report_path.exists()

    def has_come() -> bool:
        # A dispatcher that was spared calls a run lost only at its next look at the dead worker;
        # one that was killed may hold its lock an instant longer, so pages and commands ask again.
        state = run.load_state()
        if state is RunState.LOST:
            resume_run(run.run_id)
        elif state is RunState.QUEUED:
            ensure_dispatcher()
        return is_there()

    wait_for(has_come, WAIT_SECONDS)
    if imported:
        wait_for(lambda: (run.path / "status.json").exists() or not is_there(), WAIT_SECONDS)
    end = time.monotonic() + rng.uniform(0, seconds / 2 if imported else seconds)
    while time.monotonic() < end and not run.report_path.exists():
        time.sleep(0.01)
    wait_for(is_there, WAIT_SECONDS)
    victims, workers = dispatchers(models) if dispatcher else [], find_workers(models)
    for process in [*victims, *workers]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    wait_for(lambda: not any(is_running(process) for process in [*victims, *workers]))


def check_readable(run: Run, epochs_before: int) -> int:
    """Fail on an unreadable file or a lost epoch; return the number of completed epochs."""
    for name in ("recipe.json", "launch.json", "status.json", "queue.json"):
        load_json(run.path / name)
    history, _ = run.load_history(), run.load_steps()
    run.load_predictions()
    if run.model_path is not None:
        assert zipfile.ZipFile(run.model_path).testzip() is None
    progress = load_json(run.path / "checkpoint" / "progress.json")
    epochs = progress["epoch"] if progress else 0
    assert epochs >= epochs_before
    assert len(history.get("epoch", ())) in {epochs, epochs + 1}
    if progress:
        with np.load(run.path / "checkpoint" / progress["weights"]) as arrays:
            assert all(arrays[name].size for name in arrays.files)
        best = run.path / "checkpoint" / f"best-{progress['best_epoch']:04d}.keras"
        assert zipfile.ZipFile(best).testzip() is None
    return int(epochs)


def check_result(run: Run, whole: Run) -> None:
    """Fail unless the result is that of the undisturbed run, without leftover files."""
    expected, history = whole.load_history(), run.load_history()
    for name in set(expected) - {"seconds"}:
        np.testing.assert_allclose(history[name], expected[name], rtol=0, atol=1e-4, err_msg=name)
    right, report = whole.load_report(), run.load_report()
    for name in ("best_epoch", "epochs_run", "n_train", "n_validation", "n_test", "data"):
        assert getattr(report, name) == getattr(right, name), name
    assert report.test == pytest.approx(right.test, abs=1e-4)
    assert report.validation == pytest.approx(right.validation, abs=1e-4)
    np.testing.assert_allclose(
        run.load_predictions().test_proba, whole.load_predictions().test_proba, atol=1e-4
    )
    best = run.path / "checkpoint" / f"best-{report.best_epoch:04d}.keras"
    assert filecmp.cmp(best, run.path / "model.keras", shallow=False)
    assert not list(run.path.rglob(".*.tmp*"))


def go_on(run: Run) -> None:
    """Do what a person would do with the run in its state."""
    state = run.load_state()
    assert state in {RunState.LOST, RunState.QUEUED, RunState.FINISHED}, state
    if state is RunState.LOST:
        resume_run(run.run_id)
    elif state is RunState.QUEUED:  # killed before it recorded itself
        ensure_dispatcher()


def test_no_run_is_lost_whenever_it_is_killed(models: Path) -> None:
    log(f"\nFMNIST_TORTURE_SEED={SEED}")
    rng = random.Random(SEED)
    whole = create_run(RECIPE, run_id="whole")
    began = time.monotonic()
    moments = work_directly(whole, 0)
    seconds = time.monotonic() - began
    assert whole.load_state() is RunState.FINISHED, whole.load_log()
    for number in range(ROUNDS):
        began, kills, epochs = time.monotonic(), 0, 0
        log(f"round {number + 1} of {ROUNDS}")
        if number % 2:
            run = create_run(RECIPE, run_id=f"round-{number}")
            work_directly(run, rng.randint(1, moments))
            kills, epochs = 1, check_readable(run, 0)
            go_on(run)
        else:
            run = start_run(RECIPE, run_id=f"round-{number}")
        while kills == 0 or rng.random() < 0.4:
            kill_later(models, run, rng, seconds)
            kills, epochs = kills + 1, check_readable(run, epochs)
            log(f"    killed after {epochs} epochs, {run.load_state()}")
            go_on(run)
        end = time.monotonic() + WAIT_SECONDS
        while run.load_state() is not RunState.FINISHED:
            assert time.monotonic() < end, f"{run.load_state()}: {run.load_log()}"
            if run.load_state() is RunState.LOST:  # killed between two checks by the dispatcher
                resume_run(run.run_id)
            ensure_dispatcher()
            time.sleep(0.2)
        wait_for(lambda: not processes_of(models))
        check_readable(run, RECIPE.epochs)
        check_result(run, whole)
        log(f"    right after {kills} kills, {time.monotonic() - began:.0f} s")
