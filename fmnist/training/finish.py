"""The end of a run: the test set is read once, and the report is written last."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
import psutil

from fmnist import settings
from fmnist.data import Dataset
from fmnist.networks import build_command
from fmnist.runs import Predictions, Report, Run
from fmnist.runs.files import write_json
from fmnist.training.batches import choose_rows
from fmnist.training.checkpoint import Progress
from fmnist.training.reporter import Reporter
from fmnist.training.scoring import compute_metrics, predict_probabilities


def write_result(
    run: Run, dataset: Dataset, reporter: Reporter, network: keras.Model, progress: Progress
) -> Report:
    """Predict validation and test images, store the probabilities, then the report.

    Raises:
        StopRequestedError: somebody asked to stop; resuming the run does only this part again.
    """
    recipe = run.recipe
    train_rows, val_rows = choose_rows(
        dataset.y_train,
        validation_share=recipe.validation_share,
        train_share=recipe.train_share,
        seed=recipe.seed,
    )
    reporter.enter("predicting the validation images")
    val_proba = predict_probabilities(network, dataset.x_train[val_rows], reporter.check_stop)
    reporter.enter("predicting the test images")
    test_proba = predict_probabilities(network, dataset.x_test, reporter.check_stop)
    predictions = Predictions(
        val_index=val_rows,
        val_true=np.asarray(dataset.y_train[val_rows]),
        val_proba=val_proba,
        test_true=np.asarray(dataset.y_test),
        test_proba=test_proba,
        test_fingerprint=dataset.fingerprints["test"],
        train_fingerprint=dataset.fingerprints["train"],
    )
    predictions.save(run.path / "predictions.npz")
    report = Report(
        network=recipe.network,
        parameters=network.count_params(),
        seed=recipe.seed,
        best_epoch=progress.best_epoch,
        epochs_run=progress.epoch,
        n_train=len(train_rows),
        n_validation=len(val_rows),
        n_test=len(dataset.y_test),
        validation=compute_metrics(predictions.val_true, val_proba),
        test=compute_metrics(predictions.test_true, test_proba),
        data={"kind": dataset.source.kind, **dataset.fingerprints},
        seconds=round(progress.seconds, 1),
        hardware=describe_hardware(),
        versions=collect_versions(),
        git_commit=find_commit(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        command=build_command(recipe),
    )
    write_json(run.report_path, report.to_dict())
    return report


def describe_hardware() -> dict[str, Any]:
    """Return processor, cores that this process may use, memory in GB and accelerators."""
    import tensorflow as tf

    return {
        "processor": _find_processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "accelerators": [device.name for device in tf.config.list_physical_devices("GPU")],
        "system": f"{platform.system()} {platform.machine()}",
    }  # fmt: skip


def _find_processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def collect_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that decide the result."""
    names = ("keras", "tensorflow", "numpy")
    return {
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in names},
    }


def find_commit() -> str | None:
    """Return the program's git commit, or None outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "-C", str(settings.PROJECT_DIR), "rev-parse", "HEAD"],
            capture_output=True, text=True, timeout=5, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
