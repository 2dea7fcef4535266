"""Calibration: how accurate a network's confident predictions for outside pictures are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fmnist.explain.explainer import Coverage, Explainer, Part, Subject, Text
from fmnist.runs import Run

_SHOWN: Final = {"temperature", "accuracy", "outliers_detected", "coverage"}


def explain_calibration(subject: Subject) -> Sequence[Part]:
    """Return the results of the run's calibration, or that there are none."""
    return [*_describe_measured(subject.run), *_describe_calibration(subject.run)]


def _describe_measured(run: Run) -> list[Part]:
    """Return how often predictions for real pictures were correct, by their probability."""
    figures = run.load_outside_figures()
    kinds = {} if figures is None else {"photos": figures.photo, "drawings": figures.drawing}
    parts: list[Part] = []
    for name, bins in kinds.items():
        total, right = sum(each.n for each in bins), sum(each.n_right for each in bins)
        if total:
            counts = (f"{each.describe()}: {each.n_right} of {each.n}" for each in bins if each.n)
            sentence = (
                f"Of {total} real {name}, none of which it was trained on, **{right / total:.0%}** "
                f"are classified correctly. By the probability of the answer: {'; '.join(counts)}."
            )
            parts.append(Text(sentence, is_result=True))
    return parts


def _describe_calibration(run: Run) -> Sequence[Part]:
    report = run.load_report()
    if report is not None and not report.n_validation:
        return [
            Text(
                "This run has no calibration: it was trained on all images, so that none were left "
                "to measure it on. Its probabilities are shown as the network gives them, and no "
                "picture is reported as an outlier."
            )
        ]
    if report is None or not report.calibration.keys() >= _SHOWN:
        return [
            Text("This run has no calibration: it was stopped early, or trained by an old version.")
        ]
    found = report.calibration
    sentence = (
        f"On {report.n_validation:,} validation images with domain augmentation, which makes them "
        f"look like photos and drawings, **{found['accuracy']:.0%}** are classified correctly. A "
        f"temperature of {found['temperature']:.2f} calibrates the probabilities there. A picture "
        "whose in-distribution score is below that of nearly all these images is reported as an "
        f"outlier: {found['outliers_detected']:.0%} of drawn outliers are."
    )
    return [Text(sentence, is_result=True), Coverage(found["coverage"])]


EXPLAINER = Explainer("calibration", "Calibration", frozenset({"picture"}), explain_calibration)
