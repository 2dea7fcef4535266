"""Dispatchers in separate processes, with a worker that needs no TensorFlow."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from fmnist import settings
from fmnist.launching import list_queue, start_run
from fmnist.runs import Recipe, Run, RunState
from fmnist.runs.files import write_json
from tests.support.runs import build_report

WORKER = """
import os, shutil, sys, time
from pathlib import Path
from fmnist.runs import Status
from fmnist.runs.files import write_json
from fmnist.runs.processes import (
    TRY_AGAIN_EXIT_CODE, RunBusyError, claim_run, identify_process
)

path, attempt = Path(sys.argv[1]), sys.argv[2]
journal = path.parent / "journal.txt"


def note(what):
    with journal.open("a") as file:
        file.write(f"{time.time()} {what} {path.name} {os.environ['FMNIST_ARCHIVE']}\\n")


def say(state):
    status = Status(state, state, attempt, epochs=1, heartbeat=time.time())
    write_json(path / "status.json", status.to_dict())


claim = claim_run(path, seconds=2)
try:
    claim.__enter__()
except RunBusyError:
    note("busy")
    sys.exit(TRY_AGAIN_EXIT_CODE)
if "dumb" in path.name:
    sys.exit(4)
if (path / "launch.json").exists():
    note("late")
    sys.exit(0)
write_json(path / "launch.json", identify_process(os.getpid(), attempt).to_dict())
note("start")
if "deaf" in path.name:
    time.sleep(60)
say("running")
# Lasts until it is asked to end, in one way or the other.
while not (path / "stop").exists() and not (path.parent / "end").exists():
    time.sleep(0.02)
note("end")
if (path / "stop").exists():
    say("stopped")
elif "fails" in path.name:
    sys.exit(3)
else:
    shutil.copy(Path(__file__).with_name("report.json"), path / "report.json")
"""


def copy_project(project: Path) -> Path:
    """Copy the program with a worker that only waits; return the folder."""
    for room in ("runs", "launching"):
        shutil.copytree(settings.PROJECT_DIR / "fmnist" / room, project / "fmnist" / room)
    for module in (settings.PROJECT_DIR / "fmnist").glob("*.py"):
        shutil.copy(module, project / "fmnist")
    (project / "fmnist" / "training").mkdir()
    (project / "fmnist" / "training" / "__init__.py").touch()
    (project / "fmnist" / "training" / "__main__.py").write_text(WORKER)
    write_json(project / "fmnist" / "training" / "report.json", build_report().to_dict())
    return project


def processes_of(
    models: Path, modules: tuple[str, ...] = ("fmnist.launching", "fmnist.training")
) -> list[psutil.Process]:
    """Find the dispatchers and workers of one models folder only."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):  # it ended while it was being looked at
            words = process.cmdline()
            is_ours = words[1:2] == ["-m"] and words[2:3] and words[2] in modules
            if (
                is_ours
                and process.environ().get("FMNIST_MODELS") == str(models)
                and process.status() != psutil.STATUS_ZOMBIE
            ):
                found.append(process)
    return found


def dispatchers(models: Path) -> list[psutil.Process]:
    """Find the dispatchers of one models folder."""
    return processes_of(models, ("fmnist.launching",))


def wait_for(condition: Callable[[], object], seconds: float = 40) -> None:
    """Wait until a condition is true; fail after a timeout."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.03)


def wait_for_state(run: Run, state: RunState, seconds: float = 40) -> None:
    """Wait until a run is in a state."""
    wait_for(lambda: run.load_state() is state, seconds)


def read_journal(models: Path) -> list[tuple[str, str]]:
    """Return the second and third word of each line written by the workers."""
    lines = (models / "journal.txt").read_text().splitlines()
    return [tuple(line.split()[1:3]) for line in lines]


def let_end(models: Path) -> None:
    """Allow the workers to end."""
    (models / "end").touch()


def end_all(models: Path) -> None:
    """Let the workers end, and kill any that don't."""
    let_end(models)
    for process in processes_of(models):
        process.kill()


def list_names() -> list[str]:
    """Return the names of the waiting runs, in their order."""
    return [run.run_id for run in list_queue()]


def queue_up(*run_ids: str) -> None:
    """Queue runs with these names, one by one."""
    for run_id in run_ids:
        start_run(Recipe("cnn"), run_id=run_id)
