"""The run directory: one training run on disk, the only place where processes meet."""

from __future__ import annotations

from fmnist.runs.recipe import AUGMENTATIONS, SCHEDULES, Recipe
from fmnist.runs.records import Launch, LayerRecord, Predictions, Report, Status
from fmnist.runs.state import ACTIVE_STATES, RunState, decide_state
from fmnist.runs.store import Run, create_run, delete_run, list_runs, open_run, restore_run

__all__ = [
    "ACTIVE_STATES",
    "AUGMENTATIONS",
    "SCHEDULES",
    "Launch",
    "LayerRecord",
    "Predictions",
    "Recipe",
    "Report",
    "Run",
    "RunState",
    "Status",
    "create_run",
    "decide_state",
    "delete_run",
    "list_runs",
    "open_run",
    "restore_run",
]
