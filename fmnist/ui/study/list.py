"""The table of all studies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import streamlit as st

from fmnist.errors import RunError
from fmnist.runs import RunState
from fmnist.study import SWEEP, Study
from fmnist.study.journal import load_trials
from fmnist.study.results import OVER, find_best, load_seed_runs
from fmnist.ui.study.form import KIND_LABELS


def render_study_list(studies: Sequence[Study]) -> None:
    """Draw the table; a click on a study's name opens it.

    Args:
        studies: the studies, at least one.
    """
    st.dataframe(
        [_build_row(study) for study in studies],
        hide_index=True,
        width="stretch",
        key="study_list",
        column_config={
            "Study": st.column_config.LinkColumn(display_text=r"study=(.*)$", pinned=True),
            "Best validation": st.column_config.NumberColumn(format="%.2f %%"),
            "Started": st.column_config.DatetimeColumn(format="distance"),
        },
    )
    st.caption("Best validation: the highest validation accuracy of a finished trial or seed.")


def _build_row(study: Study) -> dict[str, Any]:
    try:
        state, over, best = study.load_state().value, *_summarise(study)
    except RunError:  # its own panel shows the error
        state, over, best = "damaged", 0, None
    return {
        "Study": f"study?study={quote(study.name)}",
        "Purpose": KIND_LABELS[study.plan.kind],
        "Network": study.plan.recipe.network,
        "State": state,
        "Runs done": f"{over} of {study.plan.trials}",
        "Best validation": None if best is None else 100 * best,
        "Started": datetime.fromtimestamp(study.created, UTC),
    }


def _summarise(study: Study) -> tuple[int, float | None]:
    """Return the number of runs done and the best validation accuracy, 0 to 1."""
    if study.plan.kind == SWEEP:
        trials = load_trials(study)
        best = find_best(trials)
        return sum(t.state in OVER for t in trials), None if best is None else best.accuracy
    finished = [row for row in load_seed_runs(study) if row.state is RunState.FINISHED]
    validated = [row.validation for row in finished if math.isfinite(row.validation)]
    return len(finished), max(validated, default=None)
