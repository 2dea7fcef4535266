"""The reliability of a run's probabilities: calibration, risk, prediction sets."""

from __future__ import annotations

import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.evaluate import plot_reliability
from fmnist.charts.trust import plot_risk, plot_set_sizes
from fmnist.errors import RunError
from fmnist.evaluation.conformal import LEVELS
from fmnist.evaluation.trust import Trust, compute_trust
from fmnist.evaluation.wording import describe_coverage, describe_gap, describe_sets
from fmnist.runs import Run
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.chart import render_chart


@st.cache_resource(max_entries=8, show_spinner="Calibrating…")
def _load_trust(_run: Run, path: str, created: str) -> Trust:  # noqa: ARG001
    predictions = _run.load_predictions()
    if predictions is None:
        raise RunError(f"{_run.run_id} kept no predictions. Train it again to evaluate it.")
    return compute_trust(
        (predictions.val_true, predictions.val_proba),
        (predictions.test_true, predictions.test_proba),
    )


def render_trust(run: Run, created: str) -> None:
    """Draw reliability before and after calibration, risk by coverage, and prediction sets.

    Args:
        run: the run.
        created: the time its report was written.
    """
    trust = _load_trust(run, str(run.path), created)
    _render_reliability(trust)
    risk, sets = st.columns(2, gap="medium")
    with risk:
        _render_risk(trust)
    with sets:
        if trust.conformal:
            _render_sets(trust)
        else:
            st.caption(
                "Prediction sets need validation images, and this run trained on all images."
            )


def _render_reliability(trust: Trust) -> None:
    shown = trust.raw
    manner = "as they are"
    if trust.calibrated is not None:
        options = ["As predicted", "With temperature"]
        if render_choice("Probabilities", options, key="probabilities") == options[1]:
            shown, manner = trust.calibrated, "after temperature scaling"
    sentence = describe_gap(shown)
    render_chart(
        draw_once(plot_reliability, shown.table),
        f"Accuracy by confidence, probabilities {manner}. {sentence}",
        key="evaluate_reliability",
        table=shown.table,
    )
    st.caption(
        f"{sentence} Points below the dashed line are overconfident; a larger point stands for "
        "more images; the band holds 95% of 1,000 bootstrap samples."
    )
    _render_metrics(trust)


def _render_metrics(trust: Trust) -> None:
    raw, calibrated = trust.raw, trust.calibrated
    figures: list[tuple[str, str, str | None, str]] = [
        (
            "ECE",
            f"{100 * raw.calibration_error:.2f} points",
            f"{100 * calibrated.calibration_error:.2f} with temperature" if calibrated else None,
            "ECE",
        ),
        (
            "Log loss",
            f"{raw.log_loss:.3f}",
            f"{calibrated.log_loss:.3f} with temperature" if calibrated else None,
            "cross-entropy",
        ),
    ]
    if trust.temperature is not None:
        fitted = "fitted on validation"
        figures.append(("Temperature", f"{trust.temperature:.2f}", fitted, "temperature"))
    with st.container(horizontal=True):
        for label, value, note, term in figures:
            st.metric(
                label,
                value,
                note,
                delta_color="off",
                delta_arrow="off",
                border=True,
                help=glossary(term),
            )


def _render_risk(trust: Trust) -> None:
    sentences = describe_coverage(trust)
    render_chart(
        draw_once(plot_risk, trust.risk),
        f"Error rate by share of the images answered. {sentences}",
        key="evaluate_risk",
    )
    st.caption(f"{sentences} The others, those it is least confident about, would go to a person.")


def _render_sets(trust: Trust) -> None:
    names = [f"{level:.0%}" for level in LEVELS]
    chosen = trust.conformal[
        names.index(
            render_choice(
                "Prediction sets that hold the true class of",
                names,
                key="level",
                help=glossary("prediction set"),
            )
        )
    ]
    sentence = describe_sets(chosen)
    render_chart(
        draw_once(plot_set_sizes, chosen.sizes),
        f"Number of test images by the size of their prediction set. {sentence}",
        key="evaluate_sets",
    )
    st.caption(sentence)
