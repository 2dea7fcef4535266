"""Averages the weights of runs that continue one another, or the same earlier run.

If each run continues from the previous one with a decaying learning rate, the mean of their weights
lies in a wide minimum and often generalises better than any of them (Izmailov et al., "Averaging
weights leads to wider optima", 2018). A network fine-tuned for other pictures keeps more of its
earlier accuracy (Wortsman et al., "Robust fine-tuning of zero-shot models", 2022), and so does the
mean of several fine-tunings of one network ("Model soups", 2022); ``outside`` was made this way.
The average counts as one more epoch of the last run, with that run's last training metrics. A run
that was stopped takes part with its best epoch; the last must be finished.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import fmnist  # noqa: F401  # before TensorFlow: it decides on its kernels

import tensorflow as tf  # noqa: F401  # isort: skip
import keras
import numpy as np

from fmnist.data import load_dataset
from fmnist.errors import RunError
from fmnist.networks.command import build_command
from fmnist.runs import Run, create_run, open_run, open_source
from fmnist.runs.files import write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.processes import identify_process
from fmnist.training.data import choose_training_data
from fmnist.training.finish import write_result
from fmnist.training.loop import save_model
from fmnist.training.reporter import Reporter
from fmnist.training.scoring import compute_metrics, predict_probabilities
from fmnist.training.trained import Progress, Trained
from fmnist.training.watch_record import record_epoch


def average(runs: Sequence[Run]) -> keras.Model:
    """Return the last run's network with the mean of all the runs' weights."""
    networks = [keras.saving.load_model(run.model_path, compile=False) for run in runs]
    weights = zip(*(network.get_weights() for network in networks), strict=True)
    networks[-1].set_weights([np.mean(each, axis=0) for each in weights])
    return networks[-1]


def find_origins(run: Run) -> set[str]:
    """Return the names of a run and of all runs that it goes back to."""
    names = {run.run_id}
    with suppress(RunError):  # an earlier one is gone: its name is enough
        while run.recipe.start_from:
            names.add(run.recipe.start_from)
            run = open_source(run.recipe)
    return names


def check_origins(runs: Sequence[Run]) -> None:
    """End the program unless all runs go back to one: only then can weights be averaged."""
    if not set.intersection(*(find_origins(run) for run in runs)):
        sys.exit("These runs do not go back to one run, so their weights can't be averaged.")


def main() -> None:
    """Make the new run: validated, tested once, with the curves of the last."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", nargs="+", help="all go back to one of them, or to one other")
    parser.add_argument("--name", required=True, help="of the new run")
    options = parser.parse_args()
    runs = [open_run(name) for name in options.runs]
    check_origins(runs)
    last, report = runs[-1], runs[-1].load_report()
    if report is None:
        sys.exit(f"{last.run_id} is not finished.")
    network = average(runs)

    run = create_run(last.recipe, run_id=options.name, owner="command line")
    write_json(run.path / RunFile.LAUNCH, identify_process(os.getpid(), "average").to_dict())
    for name in (RunFile.HISTORY, RunFile.STEPS, RunFile.WATCH):
        shutil.copy2(last.path / name, run.path)
    save_model(network, run.path / RunFile.MODEL)
    dataset = load_dataset(download=False)
    data = choose_training_data(dataset, run.recipe)
    epoch = report.epochs_run + 1
    reporter = Reporter(run, "average", epoch)
    y_proba = predict_probabilities(network, dataset.x_train[data.val_rows], lambda _: None)
    metrics = compute_metrics(dataset.y_train[data.val_rows], y_proba)
    record_epoch(run.path, epoch, dataset, data.val_rows, y_proba)
    row = {name: float(values[-1]) for name, values in last.load_history().items()}
    validated = {"val_loss": metrics["loss"], "val_accuracy": metrics["accuracy"]}
    reporter.add_epoch({**row, "epoch": epoch, **validated})
    seconds = sum(float(run.load_history()["seconds"][-1]) for run in runs)
    progress = Progress(epoch, epoch, metrics["accuracy"], seconds)
    libraries = ("keras", keras.backend.backend())
    trained = Trained(network, progress, data, report.precision, libraries)
    written = write_result(run, dataset, reporter, trained)
    averaging = f"python -m benchmarks.average_runs {' '.join(options.runs)} --name {run.run_id}"
    trainings = [build_command(each.recipe, run_id=each.run_id) for each in runs]
    command = " && ".join([*trainings, averaging])
    write_json(run.report_path, replace(written, command=command).to_dict())
    reporter.conclude("finished")
    print(f"{run.run_id}: {written.test['accuracy']:.2%} on the test set")


if __name__ == "__main__":
    main()
