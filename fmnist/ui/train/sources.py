"""What a new run starts with besides its settings: another run's weights, edited rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fmnist import settings
from fmnist.data import split_validation
from fmnist.data.edits import find_ignored, load_edits
from fmnist.errors import DataError
from fmnist.runs import SETTINGS, Recipe, Run
from fmnist.ui.shell.messages import show_error
from fmnist.ui.shell.resources import get_data_holder


def render_start_from(key: str, recipe: Recipe, runs: Sequence[Run]) -> str:
    """Let the person choose a finished run whose weights initialise the new one; empty: none.

    Args:
        key: of the widget.
        recipe: the settings so far; runs of its network come first, and the run that it names is
            offered even where it is not finished or gone.
        runs: those there are.
    """
    finished = [run for run in runs if run.report_path.is_file() and run.model_path]
    finished.sort(key=lambda run: run.recipe.network != recipe.network)
    titles = {run.run_id: f"{run.run_id} ({run.recipe.network})" for run in finished}
    names = list(dict.fromkeys(["", recipe.start_from, *titles]))
    chosen = st.selectbox(
        SETTINGS["start_from"].label,
        names,
        names.index(recipe.start_from),
        key=key,
        format_func=lambda name: titles.get(name, name) or "Random weights",
        help=SETTINGS["start_from"].help,
    )
    return str(chosen or "")


def render_edits(key: str, recipe: Recipe) -> tuple[str, bool]:
    """Let the person name a file of edited rows, and show how many rows it edits.

    Args:
        key: of the widget.
        recipe: the settings so far.

    Returns:
        The file's full path, empty for none, and whether it can be used.
    """
    text = st.text_input(
        SETTINGS["edits"].label,
        recipe.edits,
        key=key,
        placeholder="none",
        help=SETTINGS["edits"].help,
    )
    if not text.strip():
        return "", True
    path = settings.PROJECT_DIR / Path(text.strip()).expanduser()
    dataset = get_data_holder().dataset
    try:
        edits = load_edits(path, dataset)
    except DataError as error:
        show_error(error, icon=":material/edit_off:")
        return str(path), False
    ignored = 0
    if dataset is not None:
        _, val_rows = split_validation(dataset.y_train, share=recipe.validation_share)
        ignored = len(find_ignored(edits, val_rows))
    st.caption(
        f"{len(edits.excluded):,} rows left out, {len(edits.relabelled):,} with another label. "
        + (f"{ignored:,} of them are validation images and stay as they are." if ignored else "")
    )
    return str(path), True
