from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fmnist.images import Prepared
from fmnist.inference import Prediction, decide_verdict, predict_pictures
from fmnist.runs import Run
from tests.support.runs import make_run


def prepare(image: np.ndarray, *, is_uncertain: bool = False) -> Prepared:
    frame = (0.0, 0.0, 28.0)
    return Prepared(image, image[None], (), "photo", None, frame, is_uncertain=is_uncertain)


A_PICTURE = prepare(np.full((28, 28), 9, np.uint8))


def proba(**labels: float) -> np.ndarray:
    """Give ten probabilities by label: ``proba(_9=0.8, _7=0.1)``."""
    values = np.zeros(10, np.float32)
    for label, p in labels.items():
        values[int(label[1:])] = p
    return values


@pytest.mark.parametrize(
    ("y_proba", "label", "is_sure", "sentence"),
    [
        (proba(_9=0.97, _7=0.03), 9, True, "Ankle boot (97%)."),
        (proba(_9=0.625, _7=0.375), 9, True, "Ankle boot (62%)."),
        (proba(_9=0.62, _7=0.38), 9, False, "Unsure: Ankle boot (62%) or Sneaker (38%)."),
        (proba(_1=0.49, _0=0.1, _2=0.1, _3=0.1, _4=0.1, _5=0.11), 1, False, "Unsure"),
        (proba(_1=0.5, _0=0.1, _2=0.1, _3=0.1, _4=0.1, _5=0.1), 1, True, "Trouser (50%)."),
        (np.full(10, 0.1, np.float32), 9, False, "Unsure"),
    ],
)  # fmt: skip
def test_verdict(y_proba: np.ndarray, label: int, is_sure: bool, sentence: str) -> None:
    verdict = decide_verdict(Prediction(y_proba, 1.0, is_in_distribution=True), A_PICTURE)
    assert (verdict.label, verdict.is_sure) == (label, is_sure)
    assert verdict.sentence.startswith(sentence)
    assert verdict.probability == pytest.approx(y_proba.max())


def test_nothing_to_see_gets_no_label_however_sure_the_network_is() -> None:
    prediction = Prediction(proba(_9=1.0), 1.0, is_in_distribution=True)
    verdict = decide_verdict(prediction, prepare(np.zeros((28, 28), np.uint8)))
    assert (verdict.label, verdict.probability, verdict.is_sure) == (None, 0.0, False)
    assert "no garment" in verdict.sentence


def test_answer_to_an_uncertain_picture_is_not_definite() -> None:
    prediction = Prediction(proba(_9=0.97, _7=0.03), 1.0, is_in_distribution=True)
    image = np.full((28, 28), 9, np.uint8)
    verdict = decide_verdict(prediction, prepare(image, is_uncertain=True))
    assert (verdict.label, verdict.is_sure, verdict.is_outlier) == (9, False, False)
    assert verdict.sentence == "Unsure: perhaps Ankle boot (97%)."


def test_poor_cut_out_gets_the_reason_instead_of_a_class() -> None:
    prediction = Prediction(proba(_9=1.0), 1.0, is_in_distribution=True)
    refused = replace(A_PICTURE, refusal="No answer: it is cut off.")
    verdict = decide_verdict(prediction, refused)
    assert (verdict.label, verdict.probability, verdict.is_sure) == (None, 0.0, False)
    assert (verdict.is_outlier, verdict.sentence) == (False, "No answer: it is cut off.")


def test_outlier_is_reported_and_still_gets_its_likeliest_label() -> None:
    verdict = decide_verdict(
        Prediction(proba(_9=0.97, _7=0.03), 0.2, is_in_distribution=False), A_PICTURE
    )
    assert (verdict.label, verdict.is_sure, verdict.is_outlier) == (9, False, True)
    assert "does not look like one of the ten classes" in verdict.sentence
    assert "Ankle boot (97%)" in verdict.sentence


class FirstPixelPool:
    """Predicts the label encoded in each image's first pixel."""

    def predict(self, run: Run, images: np.ndarray) -> np.ndarray:
        y_proba = np.full((len(images), 10), 0.02, np.float32)
        y_proba[np.arange(len(images)), images[:, 0, 0] % 10] = 0.82
        return y_proba


class UndecidedPool:
    def predict(self, run: Run, images: np.ndarray) -> np.ndarray:
        return np.full((len(images), 10), 0.1, np.float32)


def picture(*labels: int) -> Prepared:
    variants = np.zeros((len(labels), 28, 28), np.uint8)
    variants[:, 0, 0] = variants[:, 0, -1] = labels
    return Prepared(variants[0], variants, (), "photo", None, (0.0, 0.0, 28.0))


def test_answer_is_the_mean_over_variants(isolated: Path) -> None:
    run = make_run("finished", "any")
    sure, split, alone = predict_pictures(
        FirstPixelPool(), run, [picture(3, 3, 3), picture(3, 3, 4), picture(7)]
    )
    assert sure.y_proba[3] == pytest.approx(0.82, abs=1e-3)
    assert sure.y_proba.argmax() == split.y_proba.argmax() == 3
    assert sure.y_proba[3] > split.y_proba[3] > split.y_proba[4] > split.y_proba[5]
    assert alone.y_proba.argmax() == 7
    assert sure.in_distribution_score == pytest.approx(0.86)
    assert all(prediction.is_in_distribution for prediction in (sure, split, alone))
    assert predict_pictures(FirstPixelPool(), run, []) == []


def test_calibration_of_the_run_is_applied(isolated: Path) -> None:
    run = make_run("finished", "any")
    values = json.loads(run.report_path.read_text())
    values["calibration"] = {"temperature": 3.0, "in_distribution_threshold": 0.5}
    run.report_path.write_text(json.dumps(values))
    (sure,) = predict_pictures(FirstPixelPool(), run, [picture(3, 3)])
    assert 0.1 < sure.y_proba[3] < 0.5
    assert sure.is_in_distribution
    (undecided,) = predict_pictures(UndecidedPool(), run, [picture(3, 3)])
    assert undecided.in_distribution_score == pytest.approx(0.3)
    assert not undecided.is_in_distribution
