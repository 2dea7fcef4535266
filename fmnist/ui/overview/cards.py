"""The cards of the Overview page."""

from __future__ import annotations

from urllib.parse import quote

import pandas as pd
import streamlit as st

from fmnist import settings
from fmnist.classes import IMAGE_SIZE, N_CLASSES
from fmnist.comparison import is_trial
from fmnist.runs import Run, load_summary
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.lesson import render_lesson_link
from fmnist.ui.shell.resources import get_data_holder, get_speeds

_NEXT_STEPS = (
    ("predict", "Draw a boot", "draw", "See which class a trained network predicts."),
    ("train", "Train a network", "model_training", "Watch its loss fall, batch by batch."),
    ("evaluate", "See what it gets wrong", "fact_check", "By class and image by image."),
)
_DATA_PAGES = (
    ("samples", "Samples", "grid_view"),
    ("class_balance", "Class balance", "balance"),
    ("pixel_statistics", "Pixel statistics", "equalizer"),
)


def render_data() -> None:
    """Show the size of the data set and the links to the pages about it."""
    st.header("Data set")
    dataset = get_data_holder().dataset
    if dataset is None:
        st.caption("Not loaded yet.")
    else:
        with st.container(horizontal=True):
            st.metric("Training images", f"{len(dataset.y_train):,}", border=True)
            st.metric(
                "Test images", f"{len(dataset.y_test):,}", border=True, help=glossary("test set")
            )
            st.metric("Classes", N_CLASSES, border=True)
            st.metric("Image size", f"{IMAGE_SIZE} × {IMAGE_SIZE} px", border=True)
    with st.container(horizontal=True):
        for page, label, icon in _DATA_PAGES:
            st.page_link(f"pages/{page}.py", label=label, icon=f":material/{icon}:")


def render_next_steps() -> None:
    """Show suggestions, the quickest first."""
    for column, (page, label, icon, text) in zip(st.columns(3), _NEXT_STEPS, strict=True):
        with column.container(border=True, height="stretch"):
            st.page_link(f"pages/{page}.py", label=f"**{label}**", icon=f":material/{icon}:")
            st.caption(text)
    render_lesson_link(1, "New to this? Take the lesson of seven steps", "school")


def render_models(runs: list[Run]) -> None:
    """Draw a table of the runs and their results, without the trials of studies."""
    st.header("Trained networks")
    own = [run for run in runs if not is_trial(run)]
    if hidden := len(runs) - len(own):
        more = "1 more run belongs to a study" if hidden == 1 else f"{hidden:,} more are of studies"
        st.page_link(
            "pages/study.py",
            label=more,
            icon=":material/science:",
        )
    if not own:
        st.caption("None yet. Train one: a small network takes a minute.")
        return
    st.dataframe(
        pd.DataFrame([_summarise(run) for run in own[: settings.MAX_LISTED_RUNS]]),
        hide_index=True,
        column_config={
            "Run": st.column_config.TextColumn(help=glossary("run"), pinned=True),
            "Test accuracy": st.column_config.NumberColumn(
                format="%.2f%%", help=glossary("test set")
            ),
            "Validation accuracy": st.column_config.NumberColumn(
                format="%.2f%%", help=glossary("validation set")
            ),
            "Parameters": st.column_config.NumberColumn(
                format="localized", help=glossary("parameter")
            ),
            "Seed": st.column_config.NumberColumn(format="%d", help=glossary("seed")),
            "Epochs": st.column_config.NumberColumn(format="%d", help=glossary("epoch")),
            "Seconds": st.column_config.NumberColumn(format="localized", help="Training time."),
            "Model (MB)": st.column_config.NumberColumn(
                format="%.2f", help="Size of the file that predicts."
            ),
            "ms per image": st.column_config.NumberColumn(
                format="%.2f",
                help="Time to classify one image on one core, with ONNX Runtime: of the machine "
                "that trained the run, or on this one if its report does not say.",
            ),
            "Open": st.column_config.LinkColumn(display_text="Evaluate"),
        },
        placeholder="–",
        key="overview_models",
    )
    if len(own) > settings.MAX_LISTED_RUNS:
        st.page_link(
            "pages/runs.py",
            label=f"The newest {settings.MAX_LISTED_RUNS:,} of {len(own):,}. Search the others",
            icon=":material/search:",
        )
    st.caption(
        "Test accuracy: share of test images classified correctly, of one run with one seed. The "
        "test set is evaluated once, when a run is finished."
    )


def _summarise(run: Run) -> dict[str, object]:
    summary = load_summary(run)
    report = summary.report
    row: dict[str, object] = {
        "Run": run.run_id,
        "Network": None if run.damage else run.recipe.network,
        "State": summary.label,
    }
    if report is not None:
        row |= {
            "Data": report.data_name,
            "Test accuracy": report.test["accuracy"] * 100,
            "Validation accuracy": report.validation and report.validation["accuracy"] * 100,
            "Parameters": report.parameters,
            "Seed": report.seed,
            "Epochs": report.epochs_run,
            "Seconds": round(report.seconds),
            "Model (MB)": run.model_mb,
            "ms per image": get_speeds().find(run, report),
            "Open": f"evaluate?run={quote(run.run_id)}",  # relative: there may be a base path
        }
    return row
