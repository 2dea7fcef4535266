"""Print accuracy, class report and confusion matrix of a finished run."""

from __future__ import annotations

import argparse
import json
from typing import Any

from fmnist.classes import N_CLASSES
from fmnist.commands.progress import report as report_progress
from fmnist.commands.progress import show_progress
from fmnist.data import Dataset, load_dataset
from fmnist.errors import RunError
from fmnist.evaluation.evaluate import compute_evaluation
from fmnist.evaluation.score_card import compute_score_card
from fmnist.evaluation.trust import compute_trust
from fmnist.explain.robustness import N_ITEMS, Robustness, load_robustness
from fmnist.inference import InferencePool
from fmnist.labels.near_copies import find_leaked_rows
from fmnist.labels.search import open_label_search, search
from fmnist.runs import Predictions, Report, Run, open_run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="name of a finished run, for example cnn")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--robustness",
        type=int,
        metavar="N",
        nargs="?",
        const=N_ITEMS,
        help="measure the accuracy on N test images (without N 2,000) that are corrupted in ten "
        "ways at five severities: one or a few minutes",
    )
    parser.add_argument(
        "--without-copies",
        action="store_true",
        help="also the accuracy on the test images without a near copy in the training set, for "
        "which it is searched, once, for a minute or two",
    )


def run(options: argparse.Namespace) -> int:
    """Print accuracy with its interval, and precision, recall and F1 of each class.

    Raises:
        RunError: there is no such run, or it has not finished.
    """
    chosen = open_run(options.run)
    report, predictions = chosen.load_report(), chosen.load_predictions()
    if report is None or predictions is None:
        raise RunError(
            f"{options.run} is {chosen.load_state()}; only a finished run can be evaluated. "
            f"`python -m fmnist train --resume {options.run}` finishes it."
        )
    evaluation = compute_evaluation(predictions.test_true, predictions.test_proba)
    summary = evaluation.summary
    classes = evaluation.classes.reset_index()
    # A class without items has scores NaN, which is not JSON: null.
    records = classes.astype(object).where(classes.notna(), None).to_dict(orient="records")
    robustness = None
    if options.robustness is not None:
        robustness = _measure_robustness(chosen, predictions, options.robustness)
    without = _evaluate_without_copies(chosen, predictions) if options.without_copies else None
    if options.json:
        values: dict[str, Any] = {
            "run": options.run,
            "split": "test",
            "n": summary.n_items,
            "accuracy": summary.accuracy,
            "accuracy_interval_95": [summary.accuracy_low, summary.accuracy_high],
            "macro_precision": summary.macro_precision,
            "macro_recall": summary.macro_recall,
            "macro_f1": summary.macro_f1,
            "log_loss": summary.log_loss,
            "calibration_error": summary.calibration_error,
            "classes": records,
            "confusion": evaluation.counts.tolist(),
            "trust": _build_trust(predictions),
            "published": _place(report, predictions),
            "report": report.to_dict(),
        }
        if robustness is not None:
            values["robustness"] = robustness.to_dict() | {"mean": robustness.mean}
        if without is not None:
            values["without_copies"] = without
        print(json.dumps(values, indent=1))
        return 0
    print(
        f"{options.run}: {summary.accuracy:.2%} of {summary.n_items:,} test images, 95% interval "
        f"{summary.accuracy_low:.2%} to {summary.accuracy_high:.2%}, seed {report.seed}"
    )
    print(classes.to_string(index=False, float_format=lambda value: f"{value:.4f}"))
    if robustness is not None:
        print(f"{robustness.clean:.2%} of {robustness.n_items:,} clean, {robustness.mean:.2%} mean")
        for name, shares in robustness.accuracy.items():
            print(f"{name:12} {'  '.join(f'{share:.2%}' for share in shares)}")
    if without is not None:
        print(
            f"{without['accuracy']:.2%} of {without['n']:,} without the {without['n_copies']} that "
            "have a near copy in the training set"
        )
    return 0


def _build_trust(predictions: Predictions) -> dict[str, Any]:
    """Return calibration, risk by coverage and prediction sets as JSON values."""
    trust = compute_trust(
        (predictions.val_true, predictions.val_proba),
        (predictions.test_true, predictions.test_proba),
    )
    calibrated = trust.calibrated
    return {
        "temperature": trust.temperature,
        "calibration_error_with_temperature": calibrated and calibrated.calibration_error,
        "log_loss_with_temperature": calibrated and calibrated.log_loss,
        "risk_by_coverage": trust.risk,
        "prediction_sets": [
            {
                "level": sets.level,
                "threshold": sets.threshold,
                "coverage": sets.coverage,
                "mean_size": sets.mean_size,
                "sizes": sets.sizes.tolist(),
            }
            for sets in trust.conformal
        ],
    }


def _place(report: Report, predictions: Predictions) -> dict[str, list[str]]:
    """Return the published results below, within and above the interval; none for the demo set."""
    if report.data_name == "demo set":
        return {}
    card = compute_score_card(predictions.test_true, predictions.test_proba, None)
    places = {"below": card.below, "within": card.within, "above": card.above}
    return {place: [one.name for one in found] for place, found in places.items()}


def _measure_robustness(run: Run, predictions: Predictions, count: int) -> Robustness:
    """Measure a run on corrupted test images.

    Raises:
        RunError: there are no images to measure on, or the data set is another one.
    """
    dataset = _load_tested(run, predictions)
    if count < N_CLASSES:
        raise RunError(f"--robustness {count} is too few: take {N_CLASSES} images or more.")
    pool = InferencePool()
    found = load_robustness(
        pool, run, dataset, count, lambda share: report_progress("Measuring", share)
    )
    show_progress("")
    return found


def _load_tested(run: Run, predictions: Predictions) -> Dataset:
    """Return the data set on which a run was tested.

    Raises:
        RunError: the one there is another one.
    """
    dataset = load_dataset(report_progress)
    if dataset.fingerprints["test"] != predictions.test_fingerprint:
        raise RunError(
            f"{run.run_id} was tested on other data than {dataset.source.label}. Put its data set "
            "into the archive folder."
        )
    return dataset


def _evaluate_without_copies(run: Run, predictions: Predictions) -> dict[str, Any]:
    """Return the accuracy on test images without a near copy in the training set.

    Raises:
        RunError: all images have one, or the data set is another one.
    """
    dataset = _load_tested(run, predictions)
    found = open_label_search(dataset)
    search(dataset, found, report_progress)
    show_progress("")
    pixels = found.load_pixels()
    assert pixels is not None  # just searched
    copies = find_leaked_rows(pixels.copies, len(dataset.y_train))
    card = compute_score_card(predictions.test_true, predictions.test_proba, copies)
    if card.without_copies is None:
        raise RunError("Every test image has a near copy in the training set.")
    summary = card.without_copies
    return {
        "n_copies": card.n_copies,
        "n": summary.n_items,
        "accuracy": summary.accuracy,
        "accuracy_interval_95": [summary.accuracy_low, summary.accuracy_high],
    }
