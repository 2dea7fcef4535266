"""Make a run of weights that were trained elsewhere with one of the program's recipes.

A script on a graphics card trained ``compact`` and ``record`` with the presets ``taught`` and
``long`` before the program's own command could; what it left is an ``.npz`` with the weights in the
order of ``get_weights()`` (``w0``, ``w1``, …), ``history`` (per epoch: epoch, loss, accuracy,
validation loss and accuracy, rate, seconds), ``batches`` (loss and accuracy of five batches an
epoch), ``watch`` and ``confusion`` as in ``watch.npz``. All figures of the report, those of the
last epoch too, are computed here, in float32, by the functions that a training calls at its end.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import fmnist  # noqa: F401  # before TensorFlow: it decides on its kernels

import tensorflow as tf  # noqa: F401  # isort: skip
import keras
import numpy as np

from fmnist.data import Dataset, load_dataset
from fmnist.networks import find_network
from fmnist.networks.build import build_network
from fmnist.runs import Notes, Recipe, Run, create_run, save_notes
from fmnist.runs.files import write_json
from fmnist.runs.layout import HISTORY_COLUMNS, RunFile
from fmnist.runs.watch import Watch, choose_watched
from fmnist.training.data import TrainingData, choose_training_data
from fmnist.training.finish import write_result
from fmnist.training.loop import save_model
from fmnist.training.reporter import Reporter
from fmnist.training.scoring import compute_metrics, predict_probabilities
from fmnist.training.trained import Progress, Trained

NOTE: Final = (
    "Trained by a script on one NVIDIA H200 before the program could train so. It left out the "
    "smaller last batch of an epoch and did not average normalisation's statistics with the "
    "weights, so that validation before the last epochs means little."
)
HARDWARE: Final = {"accelerators": ["NVIDIA H200"], "system": "Linux x86_64"}
VERSIONS: Final = {"keras": "3.15", "jax": "0.11"}
AGREEMENT: Final = 0.02
"""Largest mean difference of the watched items' probabilities: bfloat16 there, float32 here."""


def add_curves(
    run: Run, reporter: Reporter, arrays: dict[str, Any], last: dict[str, float]
) -> None:
    """Write ``history.csv`` and ``steps.csv``; the last epoch's validation is ``last``."""
    history = arrays["history"]
    seconds = history[:, 6].cumsum()
    for i, values in enumerate(history):
        row = dict(zip(HISTORY_COLUMNS, (*values[:6], seconds[i]), strict=True))
        reporter.add_epoch({**row, **(last if i == len(history) - 1 else {})})
    n_epochs, n_rows = arrays["batches"].shape[:2]
    n_images = 54_000 // run.recipe.batch_size * run.recipe.batch_size
    per_epoch = n_images // run.recipe.batch_size
    for epoch in range(n_epochs):
        took = float(history[epoch, 6])
        for i, (loss, accuracy) in enumerate(arrays["batches"][epoch]):
            step = epoch * per_epoch + i * (per_epoch // n_rows) + 1
            share = step / per_epoch
            reporter.add_step(
                {
                    "step": step,
                    "epoch": share,
                    "loss": float(loss),
                    "accuracy": float(accuracy),
                    "learning_rate": float(history[epoch, 5]),
                    "images_per_second": n_images / took,
                    "seconds": float(seconds[epoch]) - took * (epoch + 1 - share),
                }
            )


def save_watch(
    run: Run, dataset: Dataset, rows: np.ndarray, arrays: dict[str, Any], y_proba: np.ndarray
) -> None:
    """Write ``watch.npz``, once the items are certainly those that the script watched."""
    y_true = np.asarray(dataset.y_train[rows])
    places = choose_watched(dataset.x_train[rows], y_true)
    proba = arrays["watch"].astype(np.float32)
    difference = np.abs(proba[-1] - y_proba[places]).mean()
    if difference > AGREEMENT:
        sys.exit(f"The watched items differ: their probabilities do by {difference:.3f}.")
    proba[-1] = y_proba[places]
    Watch(
        rows=rows[places],
        y_true=y_true[places],
        fingerprint=dataset.fingerprints["train"],
        epochs=np.arange(1, len(proba) + 1),
        proba=proba / proba.sum(axis=-1, keepdims=True),
        confusion=arrays["confusion"].astype(np.int32),
    ).save(run.path / RunFile.WATCH)


def adopt(recipe: Recipe, name: str, arrays: dict[str, Any]) -> Run:
    """Make the run ``name`` and return it, finished."""
    network = build_network(recipe)
    network.set_weights([arrays[f"w{i}"] for i in range(len(network.weights))])
    dataset = load_dataset(download=False)
    data: TrainingData = choose_training_data(dataset, recipe)
    run = create_run(recipe, run_id=name, owner="command line")
    save_model(network, run.path / RunFile.MODEL)
    reporter = Reporter(run, "adopted", recipe.epochs)
    y_proba = predict_probabilities(network, dataset.x_train[data.val_rows], lambda _: None)
    metrics = compute_metrics(dataset.y_train[data.val_rows], y_proba)
    last = {"val_loss": metrics["loss"], "val_accuracy": metrics["accuracy"]}
    add_curves(run, reporter, arrays, last)
    save_watch(run, dataset, data.val_rows, arrays, y_proba)
    seconds = float(arrays["history"][:, 6].sum())
    progress = Progress(recipe.epochs, recipe.epochs, metrics["accuracy"], seconds)
    libraries = ("keras", keras.backend.backend())
    report = write_result(
        run, dataset, reporter, Trained(network, progress, data, recipe.precision, libraries)
    )
    there = {"hardware": HARDWARE, "versions": VERSIONS, "git_commit": None, "peak_memory_mb": 0.0}
    write_json(run.report_path, report.to_dict() | there)
    save_notes(run, Notes(NOTE, ()))
    for path in (RunFile.STATUS, RunFile.LAUNCH):
        (run.path / path).unlink(missing_ok=True)
    return run


def main() -> None:
    """Read the weights and make the run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("weights", nargs="+", type=Path, help="one or more .npz of one training")
    parser.add_argument("--network", required=True)
    parser.add_argument("--preset", required=True)
    parser.add_argument("--teacher", default="", help="run that taught it, if the preset has one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--name", required=True, help="of the new run")
    options = parser.parse_args()
    recipe = replace(
        find_network(options.network).find_recipe(options.preset),
        seed=options.seed,
        teacher=options.teacher,
        precision="mixed_bfloat16",
    )
    arrays: dict[str, Any] = {}
    for path in options.weights:
        with np.load(path, allow_pickle=False) as file:
            arrays |= {name: file[name] for name in file.files}
    report = adopt(recipe, options.name, arrays).load_report()
    assert report is not None
    print(f"{options.name}: {report.test['accuracy']:.2%} on the test set")


if __name__ == "__main__":
    main()
