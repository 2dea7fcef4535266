"""The progress bar and the figures of one run."""

from __future__ import annotations

import streamlit as st

from fmnist.charts.training import Columns
from fmnist.runs import Run, RunState, Status
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.progress import describe_progress
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.markdown import escape_markdown


def render_progress(
    run: Run, state: RunState, status: Status | None, steps: Columns, history: Columns
) -> None:
    """Draw an active run's progress bar and latest figures, or a finished one's results.

    Args:
        run: to show.
        state: of the run.
        status: what its worker reports; None before its first report.
        steps: from ``Run.load_steps``.
        history: from ``Run.load_history``.
    """
    report = run.load_report()
    if report is not None:
        with st.container(horizontal=True):
            test, validation = report.test["accuracy"], report.validation_accuracy
            st.metric("Test accuracy", f"{test:.2%}", border=True, help=glossary("test set"))
            st.metric(
                "Validation accuracy",
                "not validated" if validation is None else f"{validation:.2%}",
                border=True,
                help=glossary("validation set"),
            )
            if run.recipe.network not in CLASSICAL:
                st.metric(
                    "Best epoch" if report.validation else "Kept epoch",
                    f"{report.best_epoch} of {report.epochs_run}",
                    border=True,
                    help=glossary("epoch"),
                )
            st.metric("Training time", _format_seconds(report.seconds), border=True)
        return
    if state in {RunState.RUNNING, RunState.STOPPING}:
        if status is None:
            st.progress(0.0, text="Starting: loading the libraries takes some seconds")
            return
        # Before the first training step only the phase has a measurable progress.
        done = status.phase_progress if status.share is None else None
        words = describe_progress(status)
        text = escape_markdown(words[0].upper() + words[1:])
        st.progress(
            status.progress if done is None else done,
            text=escape_markdown(text[0].upper() + text[1:]),
        )
    if not len(steps.get("loss", ())):
        return
    with st.container(horizontal=True):
        st.metric(
            "Training loss",
            f"{steps['loss'][-1]:.3f}",
            border=True,
            help=f"Mean of the last batches. {glossary('loss')}",
        )
        st.metric(
            "Training accuracy",
            f"{steps['accuracy'][-1]:.1%}",
            border=True,
            help="Of the last batches.",
        )
        if len(history.get("val_accuracy", ())):
            best = f"{history['val_accuracy'].max():.2%}"
            st.metric(
                "Best validation accuracy", best, border=True, help=glossary("validation set")
            )
        pace = f"{steps['images_per_second'][-1]:,.0f}"
        st.metric("Images per second", pace, border=True)


def _format_seconds(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
