"""The changes that a teacher can make, each after a check of rights."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fmnist.access.limits import load_limits, save_limits
from fmnist.access.roles import Action
from fmnist.access.roster import give_code, readmit, revoke
from fmnist.access.turns import set_paused
from fmnist.errors import AccessError
from fmnist.runs import ACTIVE_STATES, list_runs
from fmnist.study import ACTIVE_STUDY_STATES, list_studies
from fmnist.ui.shell.access import permit
from fmnist.ui.shell.changes import delete_run, delete_study, stop_run, stop_study
from fmnist.ui.shell.run_lifecycle import delete


def pause_queue(*, paused: bool) -> None:
    """Pause or resume the queue."""
    with permit(Action.MANAGE_CLASS, "pause queue" if paused else "resume queue"):
        set_paused(paused=paused)


def revoke_name(name: str) -> None:
    """Sign a name out everywhere and refuse it."""
    with permit(Action.MANAGE_CLASS, f"revoke {name}") as person:
        if person.name == name:
            raise AccessError("You can't revoke your own name. Ask another teacher.")
        revoke(name)


def readmit_name(name: str) -> None:
    """Let a revoked name sign in again."""
    with permit(Action.MANAGE_CLASS, f"readmit {name}"):
        readmit(name)


def give_new_code(name: str) -> str:
    """Return a new code for a name, which is added if it is new."""
    with permit(Action.MANAGE_CLASS, f"new code for {name}"):
        return give_code(name)


def set_limits(values: Mapping[str, int]) -> None:
    """Set the limits that have changed."""
    before = load_limits()
    changed = {name: value for name, value in values.items() if value != before[name]}
    words = ", ".join(f"{name} {before[name]} to {value}" for name, value in changed.items())
    with permit(Action.MANAGE_CLASS, f"limits: {words}"):
        save_limits(changed)


def clear_name(name: str) -> None:
    """Move everything of a name to the trash, from where *Undo* restores it.

    Active runs and studies are stopped first; they can be cleared once they have ended.
    """
    with permit(Action.MANAGE_CLASS, f"clear {name}"):
        studies = [study for study in list_studies() if study.owner == name]
        for study in studies:
            if study.load_state() in ACTIVE_STUDY_STATES:
                stop_study(study)
        runs = [run for run in list_runs() if run.owner == name]
        for run in runs:
            if run.load_state() in ACTIVE_STATES and not run.is_stop_requested:
                stop_run(run)
        delete("run", {run.run_id: partial(delete_run, run) for run in runs})
        delete("study", {s.name: partial(delete_study, s, with_runs=True) for s in studies})
