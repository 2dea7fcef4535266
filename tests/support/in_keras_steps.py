"""Steps of training in Keras: for a separate process; inputs and outputs are plain values."""

from __future__ import annotations

from typing import Any

import numpy as np

from fmnist.runs import Recipe


def smooth(share: float, labels: np.ndarray, proba: np.ndarray) -> tuple[float, float]:
    """Return our smoothed loss and Keras' own on one-hot labels."""
    import keras

    from fmnist.training.optimiser import SmoothedCrossentropy

    theirs = keras.losses.CategoricalCrossentropy(label_smoothing=share)
    return (
        float(SmoothedCrossentropy(share)(labels, proba)),
        float(theirs(np.eye(10, dtype=np.float32)[labels.ravel()], proba)),
    )


def average(averaging: bool) -> dict[str, Any]:
    """Train a little, adopt the weights twice, and return what network and trainer hold."""
    from fmnist.networks.build import build_network
    from fmnist.training.optimiser import compile_trainer
    from fmnist.training.trainer import adopt_weights, build_trainer

    recipe = Recipe("baseline", averaging=averaging, epochs=4, augmentation="none")
    network = build_network(recipe)
    trainer = build_trainer(network, recipe, "float32")
    compile_trainer(trainer, recipe, 15)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (32, 28, 28, 1)).astype(np.float32)

    def weights(model: Any) -> list[np.ndarray]:
        return [np.array(weight) for weight in model.trainable_weights]

    fresh = weights(network)
    adopt_weights(network, trainer)
    untouched = weights(network)
    # Through fit, as an epoch is: Keras would put the average in place of the weights at its end.
    trainer.fit(images, rng.integers(0, 10, 32), batch_size=8, verbose=0)
    raw = weights(trainer)
    adopt_weights(network, trainer)
    core = trainer.get_layer("core")
    return {
        "fresh": fresh, "untouched": untouched, "raw": raw, "raw_after": weights(trainer),
        "adopted": weights(network),
        "statistics": [np.array(weight) for weight in network.non_trainable_weights],
        "core_statistics": [np.array(weight) for weight in core.non_trainable_weights],
    }  # fmt: skip


def take_steps(network: str, precision: str, fused: bool) -> dict[str, Any]:
    """Take two steps in the trainer, or in a plain Keras model, and return weights and losses."""
    import keras

    from fmnist.networks.build import build_network
    from fmnist.training.optimiser import SmoothedCrossentropy, compile_trainer
    from fmnist.training.trainer import build_trainer

    recipe = Recipe(
        network, dropout=0.0, augmentation="none", averaging=False, schedule="constant",
        learning_rate=1e-3, weight_decay=0.1, label_smoothing=0.1,
    )  # fmt: skip
    model = build_network(recipe)
    if fused:
        model = build_trainer(model, recipe, precision)
        compile_trainer(model, recipe, 15)
    else:
        optimizer = keras.optimizers.AdamW(1e-3, weight_decay=0.1)
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
        model.compile(optimizer, SmoothedCrossentropy(0.1))
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (64, 28, 28, 1)).astype(np.float32)
    labels = rng.integers(0, 10, 64)
    losses = [model.train_on_batch(images, labels, return_dict=True)["loss"] for _ in range(3)]
    return {
        "weights": [np.array(weight) for weight in model.weights],
        "dtypes": {str(weight.dtype) for weight in model.weights},
        "losses": [float(loss) for loss in losses],
    }


def take_sgd_steps(weight_decay: float, steps: int) -> dict[str, Any]:
    """Take steps of SGD; return each weight's name, values and gradients before each step."""
    import keras
    import tensorflow as tf

    from fmnist.networks.build import build_network
    from fmnist.training.optimiser import compile_trainer
    from fmnist.training.trainer import build_trainer

    recipe = Recipe(
        "cnn", width=0.25, optimizer="sgd", learning_rate=0.1, schedule="constant", dropout=0.0,
        weight_decay=weight_decay, augmentation="none",
    )  # fmt: skip
    model = build_trainer(build_network(recipe), recipe, "float32")
    compile_trainer(model, recipe, 15)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (32, 28, 28, 1)).astype(np.float32)
    labels = rng.integers(0, 10, 32)
    loss = keras.losses.SparseCategoricalCrossentropy()
    weights = model.trainable_weights
    values, gradients = [[np.array(weight) for weight in weights]], []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            value = loss(labels, model(images, training=True))
        found = tape.gradient(value, [weight.value for weight in weights])
        gradients.append([np.array(gradient) for gradient in found])
        model.train_on_batch(images, labels)
        values.append([np.array(weight) for weight in weights])
    return {"names": [w.name for w in weights], "values": values, "gradients": gradients}


def differentiate_convolution(side: int) -> dict[str, list[np.ndarray]]:
    """Return output and gradients of a convolution: exact, and in bfloat16 by Keras and by ours."""
    import keras
    import tensorflow as tf

    from fmnist.training.fused import ProductConvolution

    rng = np.random.default_rng(0)
    maps = tf.constant(rng.normal(size=(8, side, side, 16)).astype(np.float32))
    found = {}
    for name, kind, dtype in (
        ("exact", keras.layers.Conv2D, "float32"),
        ("keras", keras.layers.Conv2D, "mixed_bfloat16"),
        ("ours", ProductConvolution, "mixed_bfloat16"),
    ):
        keras.utils.set_random_seed(0)
        layer = kind(24, 3, padding="same", use_bias=False, dtype=dtype)
        with tf.GradientTape() as tape:
            tape.watch(maps)
            out = tf.cast(layer(maps), "float32")
            loss = tf.reduce_sum(out * tf.constant(rng.normal(size=out.shape[-1]), "float32"))
        rng = np.random.default_rng(0)
        rng.normal(size=(8, side, side, 16))
        gradients = tape.gradient(loss, [maps, layer.kernel.value])
        found[name] = [out.numpy(), *(gradient.numpy() for gradient in gradients)]
    return found
