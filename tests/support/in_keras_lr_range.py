"""Keras code for the tests of learning rates; inputs and outputs are plain values."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.runs import Recipe


def read_rates(values: dict[str, Any], batches: int) -> np.ndarray:
    """Return the rate that the optimiser of a training takes at each of its steps."""
    import keras

    from fmnist.training.optimiser import compile_trainer

    recipe = Recipe.from_dict(values)
    pixels = keras.Input((2,))
    trainer = keras.Model(pixels, keras.layers.Dense(10, activation="softmax")(pixels))
    compile_trainer(trainer, recipe, batches)
    rates = []
    for step in range(recipe.epochs * batches):
        trainer.optimizer.iterations.assign(step)
        rates.append(float(trainer.optimizer.learning_rate))
    return np.array(rates)


def sweep_rates(archive: str, cache: str, models: str, name: str, text: str) -> int:
    """Make a range test of the recipe in ``text`` as its process does; return the exit status."""
    from fmnist.lr_range.process import work

    os.environ.update(
        FMNIST_ARCHIVE=archive, FMNIST_CACHE=cache, FMNIST_MODELS=models, FMNIST_OFFLINE="1"
    )
    path = Path(models) / ".range_tests" / name
    path.mkdir(parents=True)
    (path / "recipe.json").write_text(text)
    return work(path)
