"""Average the weights of a finished run with those of the run it started from.

What was fine-tuned for pictures of another kind often recognises these as well, and what it knew
before better, when its weights are the mean of both (Wortsman et al., "Robust fine-tuning of
zero-shot models", 2022). ``outside`` came to be so. It counts as one more epoch of the second run;
what the curves say of training in that epoch is the last one's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import fmnist  # noqa: F401  # before TensorFlow: it decides on its kernels

import tensorflow as tf  # noqa: F401  # isort: skip
import keras

from fmnist.data import load_dataset
from fmnist.runs import Run, create_run, open_run, open_source
from fmnist.runs.files import write_json
from fmnist.runs.processes import identify_process
from fmnist.training.batches import choose_training_data
from fmnist.training.checkpoint import Progress
from fmnist.training.finish import write_result
from fmnist.training.loop import Trained, save_model
from fmnist.training.reporter import Reporter
from fmnist.training.scoring import compute_metrics, predict_probabilities
from fmnist.training.watch import record_epoch


def average(first: Run, second: Run) -> keras.Model:
    """Return the second run's network with the mean of both runs' weights."""
    networks = [keras.saving.load_model(run.model_path, compile=False) for run in (first, second)]
    pairs = zip(*(network.get_weights() for network in networks), strict=True)
    networks[1].set_weights([(a + b) / 2 for a, b in pairs])
    return networks[1]


def main() -> None:
    """Make the new run: validated, tested once, with the curves of the second."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("second", help="the run that started from another")
    parser.add_argument("name", help="of the new run")
    options = parser.parse_args()
    second = open_run(options.second)
    report = second.load_report()
    if report is None or not second.recipe.start_from:
        sys.exit(f"{options.second} is not finished, or started from no other run.")
    network = average(open_source(second.recipe), second)

    run = create_run(second.recipe, run_id=options.name, owner="command line")
    write_json(run.path / "launch.json", identify_process(os.getpid(), "average").to_dict())
    for name in ("history.csv", "steps.csv", "watch.npz"):
        shutil.copy2(second.path / name, run.path)
    save_model(network, run.path / "model.keras")
    dataset = load_dataset(download=False)
    data = choose_training_data(dataset, run.recipe)
    epoch = report.epochs_run + 1
    reporter = Reporter(run, "average", epoch)
    y_proba = predict_probabilities(network, dataset.x_train[data.val_rows], lambda: None)
    metrics = compute_metrics(dataset.y_train[data.val_rows], y_proba)
    record_epoch(run.path, epoch, dataset, data.val_rows, y_proba)
    last = {name: float(values[-1]) for name, values in second.load_history().items()}
    validated = {"val_loss": metrics["loss"], "val_accuracy": metrics["accuracy"]}
    reporter.add_epoch({**last, "epoch": epoch, **validated})
    progress = Progress(epoch, epoch, metrics["accuracy"], report.seconds)
    trained = Trained(network, progress, data, report.precision)
    written = write_result(run, dataset, reporter, trained)
    command = f"{report.command} && python benchmarks/average_runs.py {second.run_id} {run.run_id}"
    write_json(run.report_path, replace(written, command=command).to_dict())
    reporter.conclude("finished")
    print(f"{run.run_id}: {written.test['accuracy']:.2%} on the test set")


if __name__ == "__main__":
    main()
