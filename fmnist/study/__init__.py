"""Studies: many runs that answer one question, on disk below the models folder.

A *sweep* searches for better settings: Optuna proposes them, a separate controller process
(``python -m fmnist.study``) trains each proposal as an ordinary run and stops those that fall
behind early. A *repeat* trains one recipe with several seeds and shows how much the results vary.

Optuna is imported by ``fmnist.study.journal`` and its users, not from here.
"""

from __future__ import annotations

from fmnist.runs.setting import Choices, Range, Value
from fmnist.study.launch import (
    ensure_study,
    extend_study,
    resume_study,
    start_study,
    stop_study,
)
from fmnist.study.plan import MAX_SEEDS, MAX_TRIALS, REPEAT, SWEEP, StudyPlan
from fmnist.study.space import DEFAULT_SETTINGS, Space, list_sweepable
from fmnist.study.state import ACTIVE_STUDY_STATES, StudyState
from fmnist.study.status import ControllerStatus
from fmnist.study.store import Study, list_studies, open_study
from fmnist.study.trash import delete_study, erase_study, list_deleted_studies, restore_study

__all__ = [
    "ACTIVE_STUDY_STATES",
    "DEFAULT_SETTINGS",
    "MAX_SEEDS",
    "MAX_TRIALS",
    "REPEAT",
    "SWEEP",
    "Choices",
    "ControllerStatus",
    "Range",
    "Space",
    "Study",
    "StudyPlan",
    "StudyState",
    "Value",
    "delete_study",
    "ensure_study",
    "erase_study",
    "extend_study",
    "list_deleted_studies",
    "list_studies",
    "list_sweepable",
    "open_study",
    "restore_study",
    "resume_study",
    "start_study",
    "stop_study",
]
