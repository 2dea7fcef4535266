"""Calibration: how accurate a network's confident predictions for outside pictures are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fmnist.explain.explainer import Coverage, Explainer, Part, Subject, Text

_SHOWN: Final = {"temperature", "accuracy", "outliers_detected", "coverage"}


def explain_calibration(subject: Subject) -> Sequence[Part]:
    """Return what the run's calibration measured, or say that the run has none."""
    report = subject.run.load_report()
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
