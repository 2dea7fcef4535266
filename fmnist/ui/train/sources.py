"""The inputs of a new run besides its settings: another run's weights, edited rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from fmnist import settings
from fmnist.access.roles import Action
from fmnist.data import split_validation
from fmnist.data.edits import find_ignored, load_edits
from fmnist.data.edits_folder import list_edits
from fmnist.errors import DataError, FmnistError
from fmnist.runs import SETTINGS, Recipe, Run, RunState
from fmnist.runs.classical import CLASSICAL
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.changes import store_edits
from fmnist.ui.shell.markdown import escape_markdown
from fmnist.ui.shell.messages import show_error
from fmnist.ui.shell.resources import get_data_holder
from fmnist.ui.train.fields import render_setting
from fmnist.ui.train.state import TrainForm


def render_start_from(key: str, recipe: Recipe, runs: Sequence[Run]) -> str:
    """Let the person choose a finished run whose weights initialise the new one, or none.

    Args:
        key: the key of the widget.
        recipe: the current settings; runs of the same network are listed first. The run that the
            recipe names is listed even if it is unfinished or missing.
        runs: all runs.
    """
    is_classical = recipe.network in CLASSICAL
    return _render_run(
        "start_from",
        key,
        recipe,
        runs,
        label="Features of" if is_classical else SETTINGS["start_from"].label,
        nothing="None: compare pixels" if is_classical else "Random weights",
    )


def render_teacher(form: TrainForm, runs: Sequence[Run]) -> dict[str, Any]:
    """Let the person choose a finished run as the teacher, and the weight of its predictions.

    Args:
        form: the current settings.
        runs: all runs.

    Returns:
        The settings drawn: only the teacher if there is none.
    """
    recipe = form.recipe
    label = SETTINGS["teacher"].label
    teacher = _render_run(
        "teacher", form.key("teacher"), recipe, runs, label=label, nothing="None: labels alone"
    )
    values: dict[str, Any] = {"teacher": teacher}
    if teacher:
        for name in ("teacher_temperature", "teacher_share"):
            values[name] = render_setting(SETTINGS[name], getattr(recipe, name), form.key(name))
    return values


def _render_run(
    name: str, key: str, recipe: Recipe, runs: Sequence[Run], *, label: str, nothing: str
) -> str:
    """Draw the choice of a finished run with a network, or none; return its name."""
    finished = [run for run in runs if run.load_state() is RunState.FINISHED and run.model_path]
    finished.sort(key=lambda run: run.recipe.network != recipe.network)
    titles = {run.run_id: f"{run.run_id} ({run.recipe.network})" for run in finished}
    value: str = getattr(recipe, name)
    names = list(dict.fromkeys(["", value, *titles]))
    chosen = st.selectbox(
        label,
        names,
        names.index(value),
        key=key,
        format_func=lambda run_id: titles.get(run_id, run_id) or nothing,
        help=SETTINGS[name].help,
    )
    return str(chosen or "")


def render_edits(form: TrainForm) -> tuple[str, bool]:
    """Let the person choose or upload a file of edited rows, and show how many rows it edits.

    Only files in the edits folder are read. A recipe from the command line may name another file;
    it is refused with a message that says how to use it here.

    Args:
        form: the current settings.

    Returns:
        The file's full path, empty for none, and whether it can be used.
    """
    recipe, folder = form.recipe, settings.edits_dir()
    titles = {str(path): path.name for path in list_edits()}
    is_foreign = bool(recipe.edits) and recipe.edits not in titles
    if is_foreign:
        titles[recipe.edits] = f"{Path(recipe.edits).name} (not in the folder)"
    names = ["", *titles]
    chosen = st.selectbox(
        SETTINGS["edits"].label,
        names,
        names.index(recipe.edits),
        key=form.key("edits"),
        format_func=lambda name: titles.get(name, "None"),
        help=f"{SETTINGS['edits'].help} Offered are the files of {escape_markdown(folder)}.",
    )
    with st.popover("Upload a file of edited rows", icon=":material/upload:", type="tertiary"):
        _render_upload(form)
    if not chosen:
        return "", True
    if is_foreign and chosen == recipe.edits:
        show_error(
            f"The recipe names {Path(chosen).name}, which is not in {folder}, so it is not read "
            "here. Upload the file, or train on the command line, which takes any path.",
            icon=":material/edit_off:",
        )
        return chosen, False
    return chosen, _describe_edits(Path(chosen), recipe)


def _render_upload(form: TrainForm) -> None:
    """Draw the uploader; store and select the file if it is valid."""
    file = st.file_uploader(
        "Edits file (JSON)",
        type="json",
        key=form.key("edits_upload"),
        max_upload_size=math.ceil(settings.MAX_RECORD_BYTES / 2**20),
        **get_lock(Action.UPLOAD_EDITS),
    )
    if file is None:
        return
    try:
        path = store_edits(file.name, file.getvalue())
    except FmnistError as error:
        show_error(error, icon=":material/edit_off:")
        return
    form.set("edits", str(path))
    form.versions["edits_upload"] += 1  # a new, empty uploader
    st.rerun()


def _describe_edits(path: Path, recipe: Recipe) -> bool:
    """Show how many rows a file edits; return whether it can be used."""
    dataset = get_data_holder().dataset
    try:
        edits = load_edits(path, dataset)
    except DataError as error:
        show_error(error, icon=":material/edit_off:")
        return False
    ignored = 0
    if dataset is not None:
        _, val_rows = split_validation(
            dataset.y_train, share=recipe.validation_share, fold=recipe.validation_fold
        )
        ignored = len(find_ignored(edits, val_rows))
    st.caption(
        f"{len(edits.excluded):,} rows left out, {len(edits.relabelled):,} with another label. "
        + (f"{ignored:,} of them are validation images and stay as they are." if ignored else "")
    )
    return True
