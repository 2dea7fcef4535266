"""The section Code: a run as a script and as notebooks, which train its recipe again."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fmnist.errors import RecipeError
from fmnist.runs import Run
from fmnist.takeaway.notebooks import (
    BASELINE,
    EXPLORATION,
    build_notebooks,
    has_extras,
    pack_notebooks,
)
from fmnist.takeaway.script import build_script
from fmnist.takeaway.training import Training, describe_training
from fmnist.ui.shell.markdown import escape_markdown
from fmnist.ui.shell.messages import show_warning


def render_code(run: Run) -> None:
    """Draw the downloads of a run's script and notebooks, and the script itself."""
    try:
        training = describe_training(run)
    except RecipeError as error:
        show_warning(error)
        return
    st.caption(
        "Trains the recipe again from the files of the data set, without this program: it needs "
        "only Keras, NumPy and Matplotlib. It uses the run's own split, initial weights, order of "
        "images and augmentation."
    )
    with st.container(horizontal=True):
        st.download_button(
            "Script",
            partial(build_script, training),
            file_name=f"{run.run_id}.py",
            mime="text/x-python",
            icon=":material/code:",
            key="takeaway_script",
            on_click="ignore",
            help="Runs as it is; Jupyter and VS Code open it as a notebook.",
        )
        st.download_button(
            "Notebooks",
            partial(_pack_notebooks, training),
            file_name=f"{run.run_id}-notebooks.zip",
            mime="application/zip",
            icon=":material/book_2:",
            key="takeaway_notebooks",
            on_click="ignore",
            disabled=not has_extras(),
            help="The data set explored, a baseline on the same images, and this run, each layer "
            "with its reason."
            if has_extras()
            else "Needs `pip install -r requirements-extras.txt`; the script needs nothing more.",
        )
    names = dict.fromkeys((EXPLORATION, BASELINE, training.stem))
    st.caption(
        f"The zip contains {', '.join(f'`{name}.ipynb`' for name in names)}. The last one writes "
        f"`{training.stem}.h5`."
    )
    for note in training.notes:
        st.caption(escape_markdown(note))
    with st.expander("Read the script"):
        st.code(build_script(training), language="python", line_numbers=True, height=500)


def _pack_notebooks(training: Training) -> bytes:
    return pack_notebooks(build_notebooks(training))
