"""Recomputes a finished run's figures in float32 on this machine, and converts its network.

For runs trained on a GPU with only JAX: they have no ``model.onnx`` yet, and float32 matrix
products may have been rounded there, so that one prediction in a few thousand differs from that of
the shipped files. The training's records are kept: seconds, hardware, versions, commit, memory, and
the curves except for the best epoch's validation.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

import fmnist  # noqa: F401  # before TensorFlow: it decides on its kernels

import tensorflow as tf  # noqa: F401  # isort: skip
import keras
import pandas as pd

from fmnist.data import load_dataset
from fmnist.runs import Report, Run, open_run
from fmnist.runs.files import write_bytes_atomically, write_json
from fmnist.runs.layout import RunFile
from fmnist.training.data import choose_training_data
from fmnist.training.finish import write_result
from fmnist.training.reporter import Reporter
from fmnist.training.trained import Progress, Trained


def correct_history(run: Run, report: Report) -> None:
    """Set the best epoch's validation in the curve to that of the report."""
    path = run.path / RunFile.HISTORY
    rows = pd.read_csv(path, dtype=str)
    for name, value in (report.validation or {}).items():
        rows[f"val_{name}"] = rows[f"val_{name}"].where(
            rows["epoch"] != str(report.best_epoch), f"{value:.9g}"
        )
    write_bytes_atomically(path, rows.to_csv(index=False).encode())


def score_again(run_id: str) -> str:
    """Write the run's predictions, ``model.onnx`` and report, and return a line about them."""
    run = open_run(run_id)
    before = run.load_report()
    if before is None:
        sys.exit(f"{run_id} is not finished.")
    dataset = load_dataset(download=False)
    network = keras.saving.load_model(run.model_path, compile=False)
    progress = Progress(
        before.epochs_run, before.best_epoch, before.validation_accuracy or 0.0, before.seconds
    )
    data = choose_training_data(dataset, run.recipe)
    reporter = Reporter(run, "score again", before.epochs_run)
    libraries = ("keras", keras.backend.backend())
    after = write_result(
        run, dataset, reporter, Trained(network, progress, data, before.precision, libraries)
    )
    kept = {
        name: getattr(before, name)
        for name in ("hardware", "versions", "git_commit", "command", "created", "peak_memory_mb")
    }
    write_json(run.report_path, replace(after, **kept).to_dict())
    correct_history(run, after)
    (run.path / RunFile.STATUS).unlink(missing_ok=True)
    return (
        f"{run_id}: {after.test['accuracy']:.2%} on the test set, {before.test['accuracy']:.2%} "
        f"before; validation {after.validation_accuracy or 0.0:.2%}"
    )


def main() -> None:
    """Score the runs one by one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", nargs="+")
    for run_id in parser.parse_args().runs:
        print(score_again(run_id), flush=True)


if __name__ == "__main__":
    main()
