"""What recorded facts say for and against choosing one run over another."""

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
"""Sizes and times that differ by less than 5 % count as equal: the next measurement differs so."""


@dataclass(frozen=True)
class Measured:
    """The figures of one run beside its accuracy.

    Attributes:
        summary: of its answers to the test set.
        temperature: fitted on its validation images; None where it has none.
        milliseconds: time of an answer to one image on one core; None if unknown.
    """

    summary: Summary
    temperature: float | None
    milliseconds: float | None


def measure_run(run: EvaluatedRun, milliseconds: float | None = None) -> Measured:
    """Compute the figures of a run from its stored predictions.

    Args:
        run: the run.
        milliseconds: where measured after the training; None takes what the report says.
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
class _Figure:
    """A row of the table of figures: its name, how a run has it, and how it is written."""

    name: str
    read: Callable[[EvaluatedRun, Measured], float | None]
    form: str


_FIGURES: Final = (
    _Figure("Validation accuracy", lambda r, _: r.report.validation_accuracy, "{:.2%}"),
    _Figure("Test accuracy", lambda _, m: m.summary.accuracy, "{:.2%}"),
    _Figure("Macro F1", lambda _, m: m.summary.macro_f1, "{:.2%}"),
    _Figure("Log loss", lambda _, m: m.summary.log_loss, "{:.3f}"),
    _Figure("ECE", lambda _, m: m.summary.calibration_error, "{:.2%}"),
    _Figure("Temperature (validation)", lambda _, m: m.temperature, "{:.2f}"),
    _Figure("Parameters", lambda r, _: r.report.parameters, "{:,.0f}"),
    _Figure("Model (MB)", lambda r, _: r.run.model_mb, "{:.2f}"),
    _Figure("Milliseconds an image", lambda _, m: m.milliseconds, "{:.2f}"),
    _Figure("Training (s)", lambda r, _: r.report.seconds, "{:,.0f}"),
)


def build_figures_table(runs: Sequence[tuple[EvaluatedRun, Measured]]) -> pd.DataFrame:
    """Return the figures of runs side by side as text: a row a figure, a column a run."""
    return pd.DataFrame(
        {
            run.run_id: [_write(figure, run, measured) for figure in _FIGURES]
            for run, measured in runs
        },
        index=pd.Index([figure.name for figure in _FIGURES], name="Figure"),
    )


def _write(figure: _Figure, run: EvaluatedRun, measured: Measured) -> str:
    value = figure.read(run, measured)
    return "–" if value is None else figure.form.format(value)


def collect_facts(
    pair: RunPair, measured: tuple[Measured, Measured]
) -> tuple[list[str], list[str]]:
    """Return what speaks for and what against choosing B over A, a sentence each.

    Differences that may be chance, and sizes and times that hardly differ, say nothing; that the
    accuracy shows no difference is itself said against B.

    Args:
        pair: B is the run that may be chosen.
        measured: the figures of A and of B.
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
            f"Recall of {name} {row['recall_b']:.1%}, against {row['recall_a']:.1%} of "
            f"{pair.a.run_id} ({format_p(row['p_value'])}, adjusted for ten classes).",
        )
        for name, row in clear.iterrows()
    ]


def _judge_figures(pair: RunPair, measured: tuple[Measured, Measured]) -> list[tuple[bool, str]]:
    found: list[tuple[bool, str]] = []
    first, second = measured

    def judge(what: str, ours: float | None, theirs: float | None, form: str) -> None:
        """Add a fact about a figure of which less is better."""
        if ours and theirs and max(ours / theirs, theirs / ours) >= _SMALLEST_RATIO:
            found.append(
                (
                    ours < theirs,
                    f"{what} {form.format(ours)}, against {form.format(theirs)} of "
                    f"{pair.a.run_id}.",
                )
            )

    a, b = pair.a, pair.b
    judge("Expected calibration error", second.summary.calibration_error,
          first.summary.calibration_error, "{:.2%}")  # fmt: skip
    judge("Model file", b.run.model_mb, a.run.model_mb, "{:.2f} MB")
    judge("Answer to an image", second.milliseconds, first.milliseconds, "{:.2f} ms")
    judge("Parameters:", b.report.parameters, a.report.parameters, "{:,.0f}")
    if a.report.machine and a.report.machine == b.report.machine:
        judge("Training", b.report.seconds, a.report.seconds, "{:,.0f} s")
    return found
