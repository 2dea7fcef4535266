"""The progress bar and metrics of one run."""

from __future__ import annotations

from typing import Final

import numpy as np
import streamlit as st

from fmnist.charts.training import Columns
from fmnist.charts.value_row import ShownValue
from fmnist.runs import Run, RunState, Status
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.progress import describe_progress
from fmnist.runs.settings_spec import format_value
from fmnist.ui.shell.glossary import GLOSSARY, glossary
from fmnist.ui.shell.markdown import escape_markdown

_LOSS: Final = f"On the last training batches. {GLOSSARY['loss']}"
_ACCURACY: Final = f"On the last training batches. {GLOSSARY['accuracy']}"
_BEST: Final = f"Highest validation accuracy so far. {GLOSSARY['validation set']}"
_PACE: Final = "Training images per second."
_RATE: Final = GLOSSARY["learning rate"]


def render_progress(state: RunState, status: Status | None) -> None:
    """Draw the progress bar of an active run.

    Args:
        state: the state of the run.
        status: the latest report of its worker; None before the first.
    """
    if state is RunState.QUEUED:
        st.progress(0.0, text="Queued")
    elif status is None:
        st.progress(0.0, text="Starting: loading the libraries takes a few seconds")
    else:
        # Before the first training step, only the phase has measurable progress.
        done = status.phase_progress if status.share is None else None
        words = describe_progress(status)
        st.progress(
            status.progress if done is None else done,
            text=escape_markdown(words[0].upper() + words[1:]),
        )


def list_latest(run: Run, steps: Columns, history: Columns) -> list[ShownValue]:
    """Return the latest metrics of a run, with its speed, learning rate and precision.

    Args:
        run: the run to show.
        steps: from ``Run.load_steps``.
        history: from ``Run.load_history``.
    """
    if run.recipe.network in CLASSICAL:
        return []
    accuracies = history.get("val_accuracy", ())
    best = f"{max(accuracies):.2%}" if len(accuracies) else "–"
    choice = run.load_precision()
    precision = format_value("precision", choice.precision) if choice else "–"
    return [
        ShownValue("Loss", _write_last(steps, "loss", ".3f"), _LOSS),
        ShownValue("Accuracy", _write_last(steps, "accuracy", ".1%"), _ACCURACY),
        ShownValue("Validation", best, _BEST),
        ShownValue("Images/s", _write_last(steps, "images_per_second", ",.0f"), _PACE),
        ShownValue("Rate", _write_last(steps, "learning_rate", ".2g"), _RATE),
        ShownValue("Precision", precision, choice.reason if choice else "Not chosen yet."),
    ]


def render_results(run: Run) -> None:
    """Draw the results of a finished run."""
    report = run.load_report()
    if report is None:
        return
    with st.container(horizontal=True, gap="small"):
        test, validation = report.test["accuracy"], report.validation_accuracy
        st.metric("Test accuracy", f"{test:.2%}", help=glossary("test set"))
        st.metric(
            "Validation accuracy",
            "not validated" if validation is None else f"{validation:.2%}",
            help=glossary("validation set"),
        )
        if run.recipe.network not in CLASSICAL:
            st.metric(
                "Best epoch" if report.validation else "Kept epoch",
                f"{report.best_epoch} of {report.epochs_run}",
                help=glossary("epoch"),
            )
        st.metric("Training time", _format_seconds(report.seconds))


def _write_last(steps: Columns, name: str, form: str) -> str:
    values = np.asarray(steps.get(name, ()))
    return format(values[-1], form) if len(values) else "–"


def _format_seconds(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
