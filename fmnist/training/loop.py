"""The training loop: train an epoch, validate, keep the best weights, save a checkpoint."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from fmnist.data import Dataset
from fmnist.errors import RunError
from fmnist.networks.build import build_network
from fmnist.runs import Phase, Recipe, Run
from fmnist.runs.files import load_json, write_json
from fmnist.runs.layout import RunFile
from fmnist.training.batch_reporter import BatchReporter
from fmnist.training.checkpoint import (
    has_checkpoint,
    load_checkpoint,
    save_checkpoint,
)
from fmnist.training.data import TrainingData, choose_training_data
from fmnist.training.devices import use_all_devices
from fmnist.training.epoch_steps import EpochSteps
from fmnist.training.estimate import TimeEstimate, Work
from fmnist.training.optimiser import SHOWN_LOSS, compile_trainer
from fmnist.training.precision import choose_precision
from fmnist.training.reporter import Reporter, StopRequestedError
from fmnist.training.scoring import compute_metrics, predict_probabilities
from fmnist.training.start_from import take_weights
from fmnist.training.teacher import load_teacher
from fmnist.training.trained import Progress, Trained
from fmnist.training.trainer import adopt_weights, build_trainer
from fmnist.training.watch_record import record_epoch

if TYPE_CHECKING:
    from fmnist.training.events import EventWriter


@dataclass(frozen=True)
class _Job:
    """The objects shared by all epochs of one run."""

    run: Run
    dataset: Dataset
    data: TrainingData
    reporter: Reporter
    network: keras.Model
    trainer: keras.Model
    steps: EpochSteps
    events: EventWriter | None


def train(run: Run, dataset: Dataset, reporter: Reporter) -> Trained:
    """Train, or resume, until the recipe is complete; the best weights are in ``model.keras``.

    Raises:
        StopRequestedError: a stop was requested; the best weights are in ``model.keras``.
        RunError: the loss became NaN or infinite.
        DataError: the recipe's file of edits can't be used.
        RecipeError: the run it starts from has no weights that fit.
        InferenceError: the teacher's file can't be used.
    """
    recipe = run.recipe
    data = choose_training_data(dataset, recipe)
    batches = -(-len(data.train_rows) // recipe.batch_size)
    reporter.estimate = TimeEstimate(
        epochs=recipe.epochs,
        batches=batches,
        batch_size=recipe.batch_size,
        n_validation=len(data.val_rows),
        n_test=len(dataset.y_test),
    )
    precision = _settle_precision(run, reporter, batches * recipe.epochs)
    reporter.enter(Phase.BUILDING)
    with use_all_devices():
        # First, because its layers draw random seeds, which must not affect the network's.
        teacher = load_teacher(recipe)
        network = build_network(recipe)
        if recipe.start_from and not has_checkpoint(run.path / RunFile.CHECKPOINT):
            print(take_weights(network, recipe), flush=True)
        trainer = build_trainer(network, recipe, precision, teacher)
        compile_trainer(trainer, recipe, batches)
    progress = load_checkpoint(run.path / RunFile.CHECKPOINT, trainer)
    reporter.forget_after(progress.epoch)
    reporter.update(now=True, epoch=progress.epoch, batches=batches, seconds=progress.seconds)
    events = _open_events(run, progress.epoch) if recipe.event_files else None
    steps = EpochSteps(recipe, trainer, dataset, data)
    job = _Job(run, dataset, data, reporter, network, trainer, steps, events)
    try:
        while not _is_done(recipe, progress):
            _run_epoch(job, progress)
    except StopRequestedError:
        if progress.best_epoch == 0:
            adopt_weights(network, trainer)
            save_model(network, run.path / RunFile.MODEL)
        raise
    finally:
        steps.close()
        if events is not None:
            events.close()
    best = keras.saving.load_model(run.path / RunFile.MODEL)
    return Trained(best, progress, data, precision, ("keras", keras.backend.backend()))


def _open_events(run: Run, epoch: int) -> EventWriter | None:
    try:
        from fmnist.training.events import EventWriter
    except ModuleNotFoundError:  # the environment of the other backend
        print("No event files are written: they need TensorFlow.", flush=True)
        return None
    return EventWriter(run.path, epoch)


def _settle_precision(run: Run, reporter: Reporter, steps: int) -> str:
    """Choose the precision once per run; a resumed run keeps it, so that its steps are the same."""
    path = run.path / RunFile.PRECISION
    choice: dict[str, Any] | None = load_json(path)
    if choice is None:
        reporter.enter(Phase.MEASURING)
        choice = choose_precision(run.recipe, steps, reporter.show_progress)
        write_json(path, choice)
    print(f"Precision: {choice['precision']}. {choice['reason']}", flush=True)
    return str(choice["precision"])


def _is_done(recipe: Recipe, progress: Progress) -> bool:
    waited = progress.epoch - progress.best_epoch
    out_of_patience = 0 < recipe.early_stopping <= waited and progress.best_epoch > 0
    return progress.epoch >= recipe.epochs or out_of_patience


def _run_epoch(job: _Job, progress: Progress) -> None:
    """Train one epoch, validate, and keep the weights if they are the best; update ``progress``."""
    reporter = job.reporter
    start = time.monotonic()
    logs = _fit_epoch(job, progress)
    reporter.enter(Phase.VALIDATING, total=len(job.data.val_rows))
    adopt_weights(job.network, job.trainer)
    validated: dict[str, float] = {}
    if len(job.data.val_rows):
        y_true = job.dataset.y_train[job.data.val_rows]
        images = job.dataset.x_train[job.data.val_rows]
        report = partial(reporter.count, Work.PREDICTION)
        y_proba = predict_probabilities(job.network, images, report)
        metrics = compute_metrics(y_true, y_proba)
        validated = {"val_loss": metrics["loss"], "val_accuracy": metrics["accuracy"]}
    # Without validation, each epoch replaces the previous one, so the last remains.
    if not validated or validated["val_accuracy"] > progress.best_accuracy:
        progress.best_accuracy = validated.get("val_accuracy", progress.best_accuracy)
        progress.best_epoch = progress.epoch + 1
        save_model(job.network, job.run.path / RunFile.MODEL)
    progress.epoch += 1
    took = time.monotonic() - start
    progress.seconds += took
    if validated:
        record_epoch(job.run.path, progress.epoch, job.dataset, job.data.val_rows, y_proba)
    row = {
        "epoch": progress.epoch,
        "loss": logs[SHOWN_LOSS],
        "accuracy": logs["accuracy"],
        **validated,
        "learning_rate": float(job.trainer.optimizer.learning_rate),
        "seconds": progress.seconds,
    }
    reporter.add_epoch(row)
    if job.events is not None:
        job.events.add_epoch({**row, "images_per_second": len(job.data.train_rows) / took})
    save_checkpoint(job.run.path / RunFile.CHECKPOINT, job.trainer, progress)
    job.reporter.update(now=True, epoch=progress.epoch, batch=0, seconds=progress.seconds)


def _fit_epoch(job: _Job, progress: Progress) -> dict[str, float]:
    recipe = job.run.recipe
    if job.reporter.estimate is not None:
        job.reporter.estimate.begin_epoch(progress.epoch)
    count = -(-len(job.data.train_rows) // recipe.batch_size)
    job.reporter.enter(Phase.TRAINING, total=count)
    live = BatchReporter(
        job.reporter,
        epoch=progress.epoch,
        batches=count,
        images=len(job.data.train_rows),
        seconds=progress.seconds,
    )
    logs = job.steps.take(progress.epoch, live)
    if not np.isfinite(logs["loss"]):
        raise RunError(
            f"The loss became NaN or infinite in epoch {progress.epoch + 1}: the learning rate of "
            f"{recipe.learning_rate:g} is too high for this network. "
            "Start a new run with a third of it."
        )
    return logs


def save_model(network: keras.Model, path: Path) -> None:
    """Write a network as a Keras file, atomically, without optimiser state."""
    temporary = path.with_name(f".{path.stem}.tmp{path.suffix}")
    try:
        keras.saving.save_model(network, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
