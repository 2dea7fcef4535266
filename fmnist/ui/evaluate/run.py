"""The run shown on the Evaluate page: its metrics, provenance, pictures and CSV files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.value_row import ShownValue, draw_cards
from fmnist.csv_export import format_csv
from fmnist.errors import RunError
from fmnist.evaluation.evaluate import Evaluation, compute_evaluation
from fmnist.evaluation.export import (
    CSV_COLUMNS,
    METRICS,
    build_confusion_table,
    build_metrics_table,
)
from fmnist.evaluation.mistakes import select_mistakes
from fmnist.runs import Recipe, Report, Run
from fmnist.runs.classical import CLASSICAL
from fmnist.ui.shell.markdown import escape_markdown, escape_name
from fmnist.ui.widgets.items import format_percent


# Not st.cache_data, which would copy the table of 10,000 items on each rerun; it is never modified.
@st.cache_resource(max_entries=8, show_spinner="Computing the metrics of this run…")
def load_evaluation(_run: Run, path: str, created: str) -> tuple[Evaluation, str]:  # noqa: ARG001
    """Evaluate a run on the test set from its stored predictions.

    Args:
        _run: the run; unlike the other two, not part of the cache key.
        path: its directory.
        created: the time its report was written, so that a retrained run is evaluated again.

    Returns:
        The evaluation and the fingerprint of the test set.

    Raises:
        RunError: the predictions are missing, unreadable or of the wrong shape.
    """
    predictions = _run.load_predictions()
    if predictions is None:
        raise RunError(f"{_run.run_id} kept no predictions. Train it again to evaluate it.")
    evaluation = compute_evaluation(predictions.test_true, predictions.test_proba)
    return evaluation, predictions.test_fingerprint


def render_provenance(report: Report, recipe: Recipe) -> None:
    """Draw one line: network, data, split, seed, hardware, seconds, date."""
    start_from, teacher = recipe.start_from, recipe.teacher
    data = "the demo set" if report.data_name == "demo set" else escape_name(report.data_name)
    hardware = report.hardware
    is_classical = report.network in CLASSICAL
    source = "compares the features" if is_classical else "started from the weights"
    processor = hardware.get("processor", "unknown processor")
    parts = [
        f"{'Classical model' if is_classical else 'Network'} {escape_name(report.network)}, "
        f"{report.parameters:,} parameters",
        *([f"{source} of {escape_name(start_from)}"] if start_from else []),
        *([f"taught by {escape_name(teacher)}"] if teacher else []),
        f"trained on {report.n_train:,} images of {data}, seed {report.seed}",
        _describe_validation(report),
        f"tested once on {report.n_test:,} images",
        f"{report.seconds:,.0f} s on "
        + escape_markdown(", ".join(hardware.get("accelerators") or [processor]))
        + (f" ({escape_name(cores)} cores)" if (cores := hardware.get("cores")) else ""),
        escape_name(report.created[:10]),
    ]
    st.caption(" · ".join(parts))


def _describe_validation(report: Report) -> str:
    kept = f"epoch {report.best_epoch} of {report.epochs_run} kept"
    is_classical = report.network in CLASSICAL
    if report.validation is None:
        return "not validated" if is_classical else f"{kept}, the last; not validated"
    if is_classical:
        return f"validated on {report.n_validation:,} images"
    return f"{kept}, validated on {report.n_validation:,} images"


def render_figures(evaluation: Evaluation, report: Report) -> None:
    """Draw the row of headline metrics."""
    summary = evaluation.summary
    low, high = (format_percent(end, 2) for end in (summary.accuracy_low, summary.accuracy_high))
    validation = report.validation
    cards = (
        ShownValue(
            "Test accuracy",
            format_percent(summary.accuracy, 2),
            note=f"95% interval {low} to {high}",
        ),
        ShownValue("Macro F1", format_percent(summary.macro_f1, 2), note="mean over the classes"),
        ShownValue(
            "Mistakes", f"{summary.n_mistakes:,}", note=f"of {summary.n_items:,} test images"
        ),
        ShownValue(
            "Validation accuracy",
            f"{validation['accuracy']:.2%}" if validation else "–",
            note=f"{report.n_validation:,} images" if validation else "none kept for it",
        ),
    )
    st.html(draw_once(draw_cards, cards))


@st.fragment
def render_downloads(run_id: str, evaluation: Evaluation) -> None:
    """Offer each CSV file, which is created on the click, in a popover."""
    tables: dict[str, tuple[str, Callable[[], pd.DataFrame]]] = {
        "Metrics": ("metrics", lambda: build_metrics_table(evaluation.summary)),
        "Scores by class": ("classes", lambda: evaluation.classes),
        "Confusion matrix": ("confusion", lambda: build_confusion_table(evaluation.counts)),
        "Mistakes": ("mistakes", lambda: select_mistakes(evaluation.items)),
        "All predictions": ("predictions", lambda: evaluation.items),
    }
    popover = st.popover(
        "Download as CSV",
        type="tertiary",
        icon=":material/download:",
        key="evaluate_csv",
        on_change="rerun",
    )
    if not popover.open:
        return
    for label, (name, build) in tables.items():
        popover.download_button(
            label,
            partial(_build_csv, build),
            file_name=f"{run_id}-{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=f"evaluate_csv_{name}",
            on_click="ignore",
            help=_list_columns(METRICS if name == "metrics" else CSV_COLUMNS[name]),
        )


def _list_columns(columns: Mapping[str, str]) -> str:
    return "\n".join(f"- `{column}`: {meaning}" for column, meaning in columns.items())


def _build_csv(build: Callable[[], pd.DataFrame]) -> str:
    return format_csv(build(), decimals=6)
