"""What the tests of the first few training steps ask of Keras, in a separate process."""

from __future__ import annotations

from typing import Any

import numpy as np

from fmnist.runs import Recipe


def _build(recipe: Recipe, batches: int) -> tuple[Any, Any]:
    from fmnist.networks.build import build_network
    from fmnist.training.optimiser import compile_trainer
    from fmnist.training.trainer import build_trainer

    network = build_network(recipe)
    trainer = build_trainer(network, recipe, "float32")
    compile_trainer(trainer, recipe, batches)
    return network, trainer


def compare_modes(
    values: dict[str, Any], checked: tuple[int, ...]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Take steps on one batch so small that nothing is learned, and predict that batch.

    Returns:
        After each number of steps in ``checked``, probabilities by the network's own statistics
        and by those of the batch.
    """
    from fmnist.training.trainer import adopt_weights

    recipe = Recipe.from_dict(
        {**values, "augmentation": "none", "dropout": 0.0, "learning_rate": 1e-6}
    )
    network, trainer = _build(recipe, max(checked))
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (32, 28, 28, 1)).astype(np.float32)
    compared = []
    for step in range(1, max(checked) + 1):
        trainer.train_on_batch(images, np.arange(32) % 10)
        if step in checked:
            adopt_weights(network, trainer)
            own, of_batch = (network(images, training=training) for training in (False, True))
            compared.append((np.array(own), np.array(of_batch)))
    return compared


def compare_statistics(values: dict[str, Any], steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Train on bars in noise; predict 200 by the network's own statistics and by theirs."""
    from fmnist.training.trainer import adopt_weights

    network, trainer = _build(Recipe.from_dict(values), steps)
    rng = np.random.default_rng(0)
    labels = np.arange(200) % 10
    images = rng.integers(0, 120, (200, 28, 28, 1)).astype(np.float32)
    for image, label in zip(images, labels.tolist(), strict=True):
        image[4 + 2 * label : 6 + 2 * label, 4:24] += 100
    for _ in range(steps):
        batch = rng.permutation(200)[:32]
        # Half of the labels are wrong, so that the weights don't come to rest.
        noise = rng.integers(0, 10, 32)
        trainer.train_on_batch(images[batch], np.where(noise < 5, noise, labels[batch]))
    adopt_weights(network, trainer)
    own, of_batch = (network(images, training=training) for training in (False, True))
    return np.array(own), np.array(of_batch)


def average_steps(epochs: int, steps: int) -> tuple[list[np.ndarray], np.ndarray, float]:
    """Return a weight after each step, its average after the last, and the average's momentum."""
    recipe = Recipe("baseline", width=0.25, augmentation="none", epochs=epochs)
    _, trainer = _build(recipe, 15)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (32, 28, 28, 1)).astype(np.float32)
    weights = []
    for _ in range(steps):
        trainer.train_on_batch(images, np.arange(32) % 10)
        weights.append(np.array(trainer.trainable_weights[0]))
    (average, *_), momentum = trainer.optimizer.get_averages(), trainer.optimizer.ema_momentum
    return weights, np.array(average), float(momentum)


def correct(mean: float, variance: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return statistics, equal in all channels, after their start is taken out of them."""
    import keras

    from fmnist.training.fused import correct_statistics

    pixels = keras.Input((4, 4, 3))
    layer = keras.layers.BatchNormalization(momentum=0.9)
    network = keras.Model(pixels, layer(pixels))
    layer.moving_mean.assign(np.full(3, mean, np.float32))
    layer.moving_variance.assign(np.full(3, variance, np.float32))
    correct_statistics(network, steps)
    return np.array(layer.moving_mean), np.array(layer.moving_variance)
