"""The training loop: epochs, validation, the best weights kept."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.data import Dataset
from fmnist.errors import RunError
from fmnist.networks.build import build_network
from fmnist.runs import Recipe, Run
from fmnist.training.augmentation import build_trainer
from fmnist.training.batches import EpochBatches, choose_rows
from fmnist.training.checkpoint import Progress, load_checkpoint, save_checkpoint
from fmnist.training.optimiser import SHOWN_LOSS, averaged_weights, compile_trainer
from fmnist.training.reporter import BatchReporter, Reporter, StopRequestedError
from fmnist.training.scoring import compute_metrics, predict_probabilities


@dataclass(frozen=True)
class _Job:
    """What the epochs of one run have in common."""

    run: Run
    dataset: Dataset
    reporter: Reporter
    network: keras.Model
    trainer: keras.Model
    train_rows: NDArray[np.int64]
    val_rows: NDArray[np.int64]


def train(run: Run, dataset: Dataset, reporter: Reporter) -> tuple[keras.Model, Progress]:
    """Train, or go on training, until the recipe is done; the best weights are in ``model.keras``.

    Returns:
        The network with the weights of its best validation epoch, and how it went.

    Raises:
        StopRequestedError: somebody asked to stop; what was learned is in ``model.keras``.
        RunError: the loss is no number any more.
    """
    recipe = run.recipe
    reporter.enter("building the network")
    train_rows, val_rows = choose_rows(
        dataset.y_train,
        validation_share=recipe.validation_share,
        train_share=recipe.train_share,
        seed=recipe.seed,
    )
    network = build_network(recipe)
    trainer = build_trainer(network, recipe.augmentation, recipe.seed)
    batches = -(-len(train_rows) // recipe.batch_size)
    compile_trainer(trainer, recipe, batches)
    progress = load_checkpoint(run.path / "checkpoint", trainer)
    reporter.forget_after(progress.epoch)
    reporter.update(now=True, epoch=progress.epoch, batches=batches, seconds=progress.seconds)
    job = _Job(run, dataset, reporter, network, trainer, train_rows, val_rows)
    try:
        while not _is_done(recipe, progress):
            _run_epoch(job, progress)
    except StopRequestedError:
        if progress.best_epoch == 0:
            with averaged_weights(trainer):
                save_model(network, run.path / "model.keras")
        raise
    return keras.saving.load_model(run.path / "model.keras"), progress


def _is_done(recipe: Recipe, progress: Progress) -> bool:
    waited = progress.epoch - progress.best_epoch
    out_of_patience = 0 < recipe.early_stopping <= waited and progress.best_epoch > 0
    return progress.epoch >= recipe.epochs or out_of_patience


def _run_epoch(job: _Job, progress: Progress) -> None:
    """Train one epoch, validate, keep the weights if they are the best; ``progress`` is changed."""
    start = time.monotonic()
    logs = _fit_epoch(job, progress)
    job.reporter.enter("validating")
    y_true = job.dataset.y_train[job.val_rows]
    with averaged_weights(job.trainer):
        images = job.dataset.x_train[job.val_rows]
        y_proba = predict_probabilities(job.network, images, job.reporter.check_stop)
        metrics = compute_metrics(y_true, y_proba)
        if metrics["accuracy"] > progress.best_accuracy:
            progress.best_accuracy, progress.best_epoch = metrics["accuracy"], progress.epoch + 1
            save_model(job.network, job.run.path / "model.keras")
    progress.epoch += 1
    progress.seconds += time.monotonic() - start
    job.reporter.add_epoch(
        {
            "epoch": progress.epoch,
            "loss": logs[SHOWN_LOSS],
            "accuracy": logs["accuracy"],
            "val_loss": metrics["loss"],
            "val_accuracy": metrics["accuracy"],
            "learning_rate": float(job.trainer.optimizer.learning_rate),
            "seconds": progress.seconds,
        }
    )
    save_checkpoint(job.run.path / "checkpoint", job.trainer, progress)
    job.reporter.update(now=True, epoch=progress.epoch, batch=0, seconds=progress.seconds)


def _fit_epoch(job: _Job, progress: Progress) -> dict[str, float]:
    recipe = job.run.recipe
    job.reporter.enter("training")
    batches = EpochBatches(
        job.dataset.x_train,
        job.dataset.y_train,
        job.train_rows,
        batch_size=recipe.batch_size,
        seed=recipe.seed,
        epoch=progress.epoch,
    )
    live = BatchReporter(
        job.reporter,
        epoch=progress.epoch,
        batches=len(batches),
        images=len(job.train_rows),
        seconds=progress.seconds,
    )
    history = job.trainer.fit(batches, shuffle=False, verbose=0, callbacks=[live]).history
    logs = {name: float(values[0]) for name, values in history.items()}
    if not np.isfinite(logs["loss"]):
        raise RunError(
            f"The loss is no number any more in epoch {progress.epoch + 1}: the learning rate of "
            f"{recipe.learning_rate:g} is too high for this network. Try a third of it."
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
