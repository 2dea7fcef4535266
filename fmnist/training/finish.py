"""Finishes a run: the test set is used once, and the report is written last."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import numpy as np

from fmnist.classes import N_CLASSES
from fmnist.data import Dataset
from fmnist.networks import build_command
from fmnist.runs import Phase, Predictions, Report, Run
from fmnist.runs.fields import Calibration
from fmnist.runs.files import write_json
from fmnist.runs.layout import RunFile
from fmnist.training.calibrate import calibrate
from fmnist.training.estimate import Work
from fmnist.training.hardware import collect_versions, describe_hardware, find_commit
from fmnist.training.memory import measure_peak_memory
from fmnist.training.onnx_file import write_onnx
from fmnist.training.reporter import Reporter
from fmnist.training.scoring import compute_metrics, predict_probabilities
from fmnist.training.trained import Trained


def write_result(run: Run, dataset: Dataset, reporter: Reporter, trained: Trained) -> Report:
    """Predict validation and test images, store the probabilities, then the report.

    Without validation images there is no calibration, because all other images were used in
    training or belong to the test set.

    Raises:
        StopRequestedError: a stop was requested; resuming the run repeats only this part.
    """
    recipe = run.recipe
    network, progress, data = trained.network, trained.progress, trained.data
    is_validated = len(data.val_rows) > 0
    images, labels = {"test": dataset.x_test}, {"test": np.asarray(dataset.y_test)}
    if is_validated:
        images = {"validation": np.asarray(dataset.x_train[data.val_rows]), **images}
        labels["validation"] = np.asarray(dataset.y_train[data.val_rows])
    if reporter.estimate is not None:
        reporter.estimate.finish_training()
    count = partial(reporter.count, Work.PREDICTION)
    phases = {"validation": Phase.PREDICTING_VALIDATION, "test": Phase.PREDICTING_TEST}
    proba, flipped = {}, {}
    for split, x in images.items():
        reporter.enter(phases[split], total=2 * len(x))
        proba[split] = predict_probabilities(network, x, count)
        mirrored = predict_probabilities(network, x[:, :, ::-1], count)
        flipped[split] = compute_metrics(labels[split], (proba[split] + mirrored) / 2)
    calibration: Calibration = {}
    if is_validated:
        reporter.enter(Phase.CALIBRATING, total=3 * len(images["validation"]))
        calibration = calibrate(network, images["validation"], labels["validation"], reporter.count)
    if run.model_path is not None:  # a classical model already is a graph
        reporter.enter(Phase.CONVERTING)
        write_onnx(run, network)
    predictions = Predictions(
        val_index=data.val_rows,
        val_true=np.asarray(dataset.y_train[data.val_rows]),
        val_proba=proba.get("validation", np.zeros((0, N_CLASSES), np.float32)),
        test_true=labels["test"],
        test_proba=proba["test"],
        test_fingerprint=dataset.fingerprints["test"],
        train_fingerprint=dataset.fingerprints["train"],
    )
    predictions.save(run.path / RunFile.PREDICTIONS)
    environment = "FMNIST_BACKEND=jax " if "jax" in trained.libraries else ""
    report = Report(
        network=recipe.network,
        parameters=network.count_params(),
        seed=recipe.seed,
        best_epoch=progress.best_epoch,
        epochs_run=progress.epoch,
        n_train=len(data.train_rows),
        n_validation=len(data.val_rows),
        n_test=len(dataset.y_test),
        validation=compute_metrics(labels["validation"], proba["validation"])
        if is_validated
        else None,
        test=compute_metrics(labels["test"], proba["test"]),
        data={"kind": dataset.source.kind, **dataset.fingerprints},
        seconds=round(progress.seconds, 1),
        hardware=describe_hardware(),
        versions=collect_versions(trained.libraries),
        git_commit=find_commit(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        command=f"{environment}{build_command(recipe)}",
        precision=trained.precision,
        flipped=flipped,
        edits=data.edits_digest,
        peak_memory_mb=measure_peak_memory(),
        calibration=calibration,
        milliseconds_per_image=_measure_milliseconds(run),
    )
    write_json(run.report_path, report.to_dict())
    return report


def _measure_milliseconds(run: Run) -> float:
    if run.onnx_path is None:
        return 0.0
    from fmnist.classical.session import measure_milliseconds  # not where only JAX is installed

    return measure_milliseconds(run.onnx_path)
