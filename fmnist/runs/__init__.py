"""The run directory: one training run on disk, the only place where processes meet."""

from __future__ import annotations

from fmnist.runs.bundle import measure_bundle, stream_bundle
from fmnist.runs.decision import Decision, load_decision, save_decision
from fmnist.runs.notes import Notes, load_notes, save_notes
from fmnist.runs.predictions import Predictions
from fmnist.runs.recipe import Recipe
from fmnist.runs.records import Launch, Report
from fmnist.runs.run import Run
from fmnist.runs.settings_spec import SETTINGS
from fmnist.runs.start_from import open_source, open_teacher
from fmnist.runs.state import ACTIVE_STATES, RunState, decide_state
from fmnist.runs.status import Phase, Status
from fmnist.runs.store import (
    check_run_id,
    create_run,
    list_all_runs,
    list_runs,
    open_run,
)
from fmnist.runs.summary import RunSummary, load_summary
from fmnist.runs.trash import delete_run, erase_run, list_deleted, restore_run

__all__ = [
    "ACTIVE_STATES",
    "SETTINGS",
    "Decision",
    "Launch",
    "Notes",
    "Phase",
    "Predictions",
    "Recipe",
    "Report",
    "Run",
    "RunState",
    "RunSummary",
    "Status",
    "check_run_id",
    "create_run",
    "decide_state",
    "delete_run",
    "erase_run",
    "list_all_runs",
    "list_deleted",
    "list_runs",
    "load_decision",
    "load_notes",
    "load_summary",
    "measure_bundle",
    "open_run",
    "open_source",
    "open_teacher",
    "restore_run",
    "save_decision",
    "save_notes",
    "stream_bundle",
]
