"""The recorded facts for and against choosing one run over another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from fmnist.comparison.conclusion import SIGNIFICANT, format_p, format_points
from fmnist.comparison.pair import EvaluatedRun, RunPair
from fmnist.evaluation.calibration import fit_temperature
from fmnist.evaluation.metrics import Summary, compute_summary

_SMALLEST_RATIO: Final = 1.05
"""Sizes and times that differ by less than 5 % count as equal: measurements vary by that much."""


@dataclass(frozen=True)
class Measured:
    """The metrics of one run beside its accuracy.

    Attributes:
        summary: the metrics of its predictions for the test set.
        temperature: the temperature fitted on its validation images; None if it has none.
        milliseconds: the time to classify one image on one core; None if unknown.
    """

    summary: Summary
    temperature: float | None
    milliseconds: float | None


def measure_run(run: EvaluatedRun, milliseconds: float | None = None) -> Measured:
    """Compute the metrics of a run from its stored predictions.

    Args:
        run: the run.
        milliseconds: the time per image if it was measured after training; None takes that of
            the report.
    """
    predictions = run.predictions
    has_validation = len(predictions.val_true) > 0
    return Measured(
        summary=compute_summary(predictions.test_true, predictions.test_proba),
        temperature=fit_temperature(predictions.val_true, predictions.val_proba)
        if has_validation
        else None,
        milliseconds=milliseconds or run.report.milliseconds_per_image or None,
    )


@dataclass(frozen=True)
class _Metric:
    """A row of the table of metrics: its name, how it is read from a run, and its format."""

    name: str
    read: Callable[[EvaluatedRun, Measured], float | None]
    form: str


_METRICS: Final = (
    _Metric("Validation accuracy", lambda r, _: r.report.validation_accuracy, "{:.2%}"),
    _Metric("Test accuracy", lambda _, m: m.summary.accuracy, "{:.2%}"),
    _Metric("Macro F1", lambda _, m: m.summary.macro_f1, "{:.2%}"),
    _Metric("Log loss", lambda _, m: m.summary.log_loss, "{:.3f}"),
    _Metric("ECE", lambda _, m: m.summary.calibration_error, "{:.2%}"),
    _Metric("Temperature (validation)", lambda _, m: m.temperature, "{:.2f}"),
    _Metric("Parameters", lambda r, _: r.report.parameters, "{:,.0f}"),
    _Metric("Model (MB)", lambda r, _: r.run.model_mb, "{:.2f}"),
    _Metric("Milliseconds per image", lambda _, m: m.milliseconds, "{:.2f}"),
    _Metric("Training (s)", lambda r, _: r.report.seconds, "{:,.0f}"),
)


def build_figures_table(runs: Sequence[tuple[EvaluatedRun, Measured]]) -> pd.DataFrame:
    """Return the metrics of runs side by side as text: one row per metric, one column per run."""
    return pd.DataFrame(
        {
            run.run_id: [_write(metric, run, measured) for metric in _METRICS]
            for run, measured in runs
        },
        index=pd.Index([metric.name for metric in _METRICS], name="Metric"),
    )


def _write(metric: _Metric, run: EvaluatedRun, measured: Measured) -> str:
    value = metric.read(run, measured)
    return "–" if value is None else metric.form.format(value)


def collect_facts(
    pair: RunPair, measured: tuple[Measured, Measured]
) -> tuple[list[str], list[str]]:
    """Return the arguments for and those against choosing B over A, each as one sentence.

    Differences that may be chance, and sizes and times that hardly differ, are left out; that the
    accuracy shows no difference counts against B.

    Args:
        pair: B is the run that may be chosen.
        measured: the metrics of A and of B.
    """
    facts = [*_judge_accuracy(pair), *_judge_classes(pair), *_judge_figures(pair, measured)]
    return [text for good, text in facts if good], [text for good, text in facts if not good]


def _judge_accuracy(pair: RunPair) -> list[tuple[bool, str]]:
    result, name = pair.result, pair.a.run_id
    p = format_p(result.p_value)
    if result.p_value >= SIGNIFICANT:
        return [(False, f"No clear difference from {name} in test accuracy ({p}).")]
    points = format_points(abs(result.difference))
    side = "above" if result.difference > 0 else "below"
    sentence = f"Test accuracy {points.lstrip('+')} percentage points {side} that of {name} ({p})."
    return [(result.difference > 0, sentence)]


def _judge_classes(pair: RunPair) -> list[tuple[bool, str]]:
    clear = pair.classes[pair.classes["p_value"] < SIGNIFICANT]
    return [
        (
            bool(row["difference"] > 0),
            f"Recall of {name} {row['recall_b']:.1%}, versus {row['recall_a']:.1%} for "
            f"{pair.a.run_id} ({format_p(row['p_value'])}, adjusted for ten classes).",
        )
        for name, row in clear.iterrows()
    ]


def _judge_figures(pair: RunPair, measured: tuple[Measured, Measured]) -> list[tuple[bool, str]]:
    found: list[tuple[bool, str]] = []
    first, second = measured

    def judge(what: str, ours: float | None, theirs: float | None, form: str) -> None:
        """Add a fact about a metric of which less is better."""
        if ours and theirs and max(ours / theirs, theirs / ours) >= _SMALLEST_RATIO:
            found.append(
                (
                    ours < theirs,
                    f"{what} {form.format(ours)}, versus {form.format(theirs)} for "
                    f"{pair.a.run_id}.",
                )
            )

    a, b = pair.a, pair.b
    judge("Expected calibration error", second.summary.calibration_error,
          first.summary.calibration_error, "{:.2%}")  # fmt: skip
    judge("Model file", b.run.model_mb, a.run.model_mb, "{:.2f} MB")
    judge("Time per image:", second.milliseconds, first.milliseconds, "{:.2f} ms")
    judge("Parameters:", b.report.parameters, a.report.parameters, "{:,.0f}")
    if a.report.machine and a.report.machine == b.report.machine:
        judge("Training", b.report.seconds, a.report.seconds, "{:,.0f} s")
    return found
