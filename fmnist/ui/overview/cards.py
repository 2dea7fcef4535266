"""The cards of the Overview page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from fmnist.classes import IMAGE_SIZE, N_CLASSES
from fmnist.runs import ACTIVE_STATES, Run, RunState
from fmnist.ui.shell.resources import get_data_holder

_NEXT_STEPS = (
    ("predict", "Draw a boot", "draw", "See at once what a trained network takes it for."),
    ("train", "Train a network", "model_training", "Watch its loss fall, batch by batch."),
    ("evaluate", "See what it gets wrong", "fact_check", "Cell by cell, picture by picture."),
)
_DATA_PAGES = (
    ("samples", "Look at samples", "grid_view"),
    ("class_balance", "Class balance", "balance"),
    ("pixel_statistics", "Pixel statistics", "equalizer"),
)


def render_data() -> None:
    """Show the size of the data set in use and what to do with it."""
    st.subheader("The data in use")
    dataset = get_data_holder().dataset
    if dataset is None:
        st.caption("Not loaded yet; an Explore page shows how far it is.")
    else:
        with st.container(horizontal=True):
            st.metric("Training images", f"{len(dataset.y_train):,}", border=True)
            st.metric("Test images", f"{len(dataset.y_test):,}", border=True)
            st.metric("Classes", N_CLASSES, border=True)
            st.metric("Image", f"{IMAGE_SIZE} × {IMAGE_SIZE} px", border=True)
    with st.container(horizontal=True):
        for page, label, icon in _DATA_PAGES:
            st.page_link(f"pages/{page}.py", label=label, icon=f":material/{icon}:")


def render_next_steps() -> None:
    """Say what can be done, the quickest first."""
    for column, (page, label, icon, text) in zip(st.columns(3), _NEXT_STEPS, strict=True):
        with column.container(border=True, height="stretch"):
            st.page_link(f"pages/{page}.py", label=f"**{label}**", icon=f":material/{icon}:")
            st.caption(text)


def render_models(runs: list[Run]) -> None:
    """Draw a table of the runs at hand with their figures; a chosen row leads to its page."""
    st.subheader("The models at hand")
    if not runs:
        st.caption("None yet. Train one: a small one takes a minute.")
        return
    at_work = [run for run in runs if run.load_state() in ACTIVE_STATES]
    if at_work:
        st.page_link(
            "pages/train.py",
            label=f"{at_work[0].run_id} is {at_work[0].load_state()}: watch it",
            icon=":material/play_circle:",
        )
    st.dataframe(
        pd.DataFrame([_summarise(run) for run in runs]),
        hide_index=True,
        column_config={
            "test accuracy": st.column_config.NumberColumn(format="%.2f%%"),
            "validation accuracy": st.column_config.NumberColumn(format="%.2f%%"),
            "parameters": st.column_config.NumberColumn(format="localized"),
            "open": st.column_config.LinkColumn(display_text="Evaluate"),
        },
        key="overview_models",
    )
    st.caption(
        "Test accuracy: share of the test images that are named rightly, of one run with one "
        "seed; the test set is read once, when a run is done."
    )


def _summarise(run: Run) -> dict[str, object]:
    state = run.load_state()
    report = run.load_report() if state is RunState.FINISHED else None
    row: dict[str, object] = {
        "run": run.run_id,
        "network": run.recipe.network,
        "state": state.value,
    }
    if report is not None:
        row |= {
            "data": report.data_name,
            "test accuracy": report.test["accuracy"] * 100,
            "validation accuracy": report.validation["accuracy"] * 100,
            "parameters": report.parameters,
            "seed": report.seed,
            "epochs": report.epochs_run,
            "training time (s)": round(report.seconds),
            "open": f"/evaluate?run={run.run_id}",
        }
    return row
