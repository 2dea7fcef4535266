"""The steps of an epoch: one by one, or on JAX many in one compiled call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keras

from fmnist.data import Dataset
from fmnist.runs import Recipe
from fmnist.training.batch_reporter import BatchReporter
from fmnist.training.batches import EpochBatches, shuffle_rows
from fmnist.training.data import TrainingData

if TYPE_CHECKING:
    from fmnist.training.compiled_epoch import CompiledEpochs
    from fmnist.training.domain_augmentation.augmentation_pool import AugmentationPool


class EpochSteps:
    """Runs the steps of an epoch, and holds what all epochs share."""

    def __init__(
        self, recipe: Recipe, trainer: keras.Model, dataset: Dataset, data: TrainingData
    ) -> None:
        """Start the processes of domain augmentation, or transfer the images to the device.

        Args:
            recipe: the recipe, which determines the batches.
            trainer: the compiled trainer.
            dataset: the data set with the images.
            data: the training rows and their labels.
        """
        self._recipe, self._trainer = recipe, trainer
        self._dataset, self._data = dataset, data
        self._pool = _start_pool(recipe)
        self._compiled = _compile_epochs(recipe, trainer, dataset, data)

    def take(self, epoch: int, live: BatchReporter) -> dict[str, float]:
        """Run the steps of an epoch and return the means of its metrics.

        Args:
            epoch: from 0; with the recipe's seed, it determines the batches.
            live: called as steps complete; may raise an error to end them.
        """
        recipe, rows = self._recipe, self._data.train_rows
        if self._compiled is not None:
            live.set_model(self._trainer)
            return self._compiled.run_epoch(
                shuffle_rows(rows, recipe.seed, epoch),
                recipe.batch_size,
                lambda done, logs: live.on_train_batch_end(done - 1, logs),
            )
        batches = EpochBatches(
            self._dataset.x_train,
            self._data.labels,
            rows,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            epoch=epoch,
            is_domain_augmented=recipe.augmentation == "outside",
            pool=self._pool,
        )
        history = self._trainer.fit(batches, shuffle=False, verbose=0, callbacks=[live]).history
        return {name: float(values[0]) for name, values in history.items()}

    def close(self) -> None:
        """End the processes of domain augmentation."""
        if self._pool is not None:
            self._pool.close()


def _start_pool(recipe: Recipe) -> AugmentationPool | None:
    if recipe.augmentation != "outside":
        return None
    from fmnist.training.domain_augmentation.augmentation_pool import (
        AugmentationPool,  # needs OpenCV
    )

    try:
        return AugmentationPool()
    except OSError as error:
        print(f"Images are augmented in this process, as no other starts: {error}.", flush=True)
        return None


def _compile_epochs(
    recipe: Recipe, trainer: keras.Model, dataset: Dataset, data: TrainingData
) -> CompiledEpochs | None:
    # Domain augmentation makes its images on the CPU, batch by batch.
    if keras.backend.backend() != "jax" or recipe.augmentation == "outside":
        return None
    from fmnist.training.compiled_epoch import CompiledEpochs, is_faster

    return CompiledEpochs(trainer, dataset.x_train, data.labels) if is_faster(trainer) else None
