"""What a new run begins with besides its settings: another run's weights, edited rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from fmnist import settings
from fmnist.data import split_validation
from fmnist.data.edits import find_ignored, load_edits
from fmnist.errors import DataError
from fmnist.runs import Recipe, Run
from fmnist.ui.shell.resources import get_data_holder


def render_start_from(key: str, recipe: Recipe, runs: Sequence[Run]) -> str:
    """Let the person choose a finished run whose weights the new one begins with; empty: none.

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
        "Start from",
        names,
        names.index(recipe.start_from),
        key=key,
        format_func=lambda name: titles.get(name, name) or "Random weights",
        help="A finished run that goes on learning by the settings here. Layers of the same name "
        "and shape begin with its weights; a network grown by residual blocks answers as the "
        "other one at first.",
    )
    return str(chosen or "")


def render_edits(key: str, recipe: Recipe) -> tuple[str, bool]:
    """Let the person name a file of edits and say what it does.

    Args:
        key: of the widget.
        recipe: the settings so far.

    Returns:
        The file's full path, empty for none, and whether it can be used.
    """
    text = st.text_input(
        "File of edited rows",
        recipe.edits,
        key=key,
        placeholder="none",
        help="A JSON file that names training images to leave out or to label otherwise. "
        "Validation and test images are never edited.",
    )
    if not text.strip():
        return "", True
    path = settings.PROJECT_DIR / Path(text.strip()).expanduser()
    dataset = get_data_holder().dataset
    try:
        edits = load_edits(path, dataset)
    except DataError as error:
        st.error(str(error), icon=":material/edit_off:")
        return str(path), False
    ignored = 0
    if dataset is not None:
        _, val_rows = split_validation(dataset.y_train, share=recipe.validation_share)
        ignored = len(find_ignored(edits, val_rows))
    st.caption(
        f"{len(edits.excluded):,} rows left out, {len(edits.relabelled):,} with another label. "
        + (f"Validation images among them, which stay as they are: {ignored:,}." if ignored else "")
    )
    return str(path), True
