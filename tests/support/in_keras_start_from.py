"""What the tests of starting from another run ask of Keras, in a separate process."""

from __future__ import annotations

import os
from typing import Any
from unittest import mock

import numpy as np

from fmnist.runs import Recipe, open_run
from tests.support.runs import write_report


def save_model(models: str, run_id: str) -> None:
    """Finish a run with a model whose every weight, normalisation's averages too, is its own."""
    import keras

    from fmnist.networks.build import build_network

    with mock.patch.dict(os.environ, {"FMNIST_MODELS": models}):
        run = open_run(run_id)
        network = build_network(run.recipe)
        rng = np.random.default_rng(5)
        network.set_weights(
            [w + rng.uniform(0, 0.1, w.shape).astype(w.dtype) for w in network.get_weights()]
        )
        keras.saving.save_model(network, run.path / "model.keras")
        write_report(run)


def take(models: str, values: dict[str, Any]) -> dict[str, Any]:
    """Build a network from another run's weights; return what was taken and all predictions."""
    import keras

    from fmnist.networks.build import build_network
    from fmnist.training.start_from import take_weights

    recipe = Recipe.from_dict(values)
    images = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 1)).astype(np.float32)
    with mock.patch.dict(os.environ, {"FMNIST_MODELS": models}):
        network = build_network(recipe)
        fresh = network.predict_on_batch(images)
        taken = take_weights(network, recipe)
        source = keras.saving.load_model(open_run(recipe.start_from).path / "model.keras")
    return {
        "taken": taken,
        "fresh": fresh,
        "proba": network.predict_on_batch(images),
        "source": source.predict_on_batch(images),
    }
