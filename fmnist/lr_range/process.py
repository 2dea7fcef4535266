"""The work of the range test's process: train a few steps at growing rates."""

from __future__ import annotations

import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

from fmnist.data import Dataset, load_dataset
from fmnist.lr_range.record import RATES, RangeResult, RangeTest
from fmnist.lr_range.suggestion import has_diverged
from fmnist.networks.build import build_network
from fmnist.runs import Recipe
from fmnist.runs.files import write_json
from fmnist.training.__main__ import explain_error
from fmnist.training.batches import EpochBatches
from fmnist.training.data import choose_training_data
from fmnist.training.optimiser import SHOWN_LOSS, compile_trainer
from fmnist.training.precision import choose_precision
from fmnist.training.start_from import take_weights
from fmnist.training.teacher import load_teacher
from fmnist.training.trainer import build_trainer

WRITE_SECONDS: Final = 0.5


class RateSweep(keras.callbacks.Callback):  # type: ignore[misc]
    """Raises the rate with each batch, records its loss, and ends the training when it diverges."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._start = self._written = time.monotonic()
        self.result = RangeResult()
        self.is_done = False

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002
        """Set the next rate and reset the metrics, so that they are those of one batch."""
        self.model.optimizer.learning_rate = RATES[len(self.result.rates)]
        self.model.reset_metrics()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Record the loss; end when it diverges or all rates were tried."""
        rate, loss = float(RATES[len(self.result.rates)]), float((logs or {})[SHOWN_LOSS])
        losses = [*self.result.losses, loss]
        diverged = has_diverged(np.array(losses))
        if np.isfinite(loss):  # JSON has no NaN or infinity
            rates = [*self.result.rates, rate]
            self.result = replace(self.result, rates=rates, losses=losses)
        self.is_done = diverged or len(self.result.rates) == len(RATES)
        clock = time.monotonic()
        self.result = replace(self.result, diverged=diverged, seconds=clock - self._start)
        if self.is_done:
            self.model.stop_training = True
        elif clock - self._written >= WRITE_SECONDS:
            write_json(self._path / "result.json", self.result.to_dict())
            self._written = clock


def measure_losses(path: Path, recipe: Recipe, dataset: Dataset) -> RangeResult:
    """Train a few steps at growing rates, with the recipe's batches, augmentation and optimiser.

    Args:
        path: the directory of the test, where the result so far is written.
        recipe: the tested recipe; its schedule, rate, epochs and averaging are ignored.
        dataset: the data set to train on.

    Raises:
        RunError: the run it starts from, or its teacher, does not exist or is not finished.
        RecipeError: that run has no weights that fit.
    """
    recipe = replace(recipe, schedule="constant", averaging=False)
    data = choose_training_data(dataset, recipe)
    precision = choose_precision(recipe, len(RATES))["precision"]
    network = build_network(recipe)
    if recipe.start_from:
        take_weights(network, recipe)
    trainer = build_trainer(network, recipe, precision, load_teacher(recipe))
    compile_trainer(trainer, recipe, -(-len(data.train_rows) // recipe.batch_size))
    sweep, epoch = RateSweep(path), 0
    while not sweep.is_done:
        batches = EpochBatches(
            dataset.x_train,
            data.labels,
            data.train_rows,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            epoch=epoch,
            is_domain_augmented=recipe.augmentation == "outside",
        )
        trainer.fit(batches, shuffle=False, verbose=0, callbacks=[sweep])
        epoch += 1
    return sweep.result


def work(path: Path) -> int:
    """Run the test in ``path`` and return the exit status: 0 unless it failed."""
    try:
        recipe = RangeTest(path).load_recipe()
        result = replace(measure_losses(path, recipe, load_dataset()), state="finished")
    # The boundary of the process: every error is reported in its directory.
    except BaseException as error:  # noqa: BLE001
        traceback.print_exc()
        result = RangeResult(state="failed", error=explain_error(error, path))
    try:
        write_json(path / "result.json", result.to_dict())
    except FileNotFoundError:
        return 1  # cancelled: the directory is gone
    return int(result.state == "failed")
