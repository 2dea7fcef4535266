"""What the tests ask of Keras: run in a process of its own, plain values go in and come out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.runs import Recipe


def build(values: dict[str, Any]) -> dict[str, Any]:
    """Build a network and return its weights, layers and predictions."""
    from fmnist.networks.build import build_network, describe_network

    recipe = Recipe.from_dict(values)
    network = build_network(recipe)
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 1)).astype(np.float32)
    return {
        "parameters": network.count_params(),
        "weights": [np.asarray(weight) for weight in network.weights],
        "layers": [layer.to_dict() for layer in describe_network(network, recipe.network)],
        "proba": network.predict_on_batch(images),
    }


def augment(augmentation: str, images: np.ndarray, seed: int) -> np.ndarray:
    """Return images as a network sees them in training."""
    import keras

    from fmnist.training.augmentation import build_augmentation

    seen = keras.ops.convert_to_tensor(images)
    for layer in build_augmentation(augmentation, seed):
        seen = layer(seen, training=True)
    return np.asarray(seen)


def predict(path: str, images: np.ndarray) -> np.ndarray:
    """Open a model file as the README does and return its probabilities, ``(n, 10)``."""
    import keras

    network = keras.models.load_model(path)
    return network.predict_on_batch(images.astype(np.float32)[..., np.newaxis])


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


def resume_steps(values: dict[str, Any], folder: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Take three steps, save, take two more; likewise in a fresh trainer from the checkpoint.

    Returns:
        Each weight of the network after its last step, of the one and of the other.
    """
    from fmnist.networks.build import build_network
    from fmnist.training.checkpoint import load_checkpoint, save_checkpoint
    from fmnist.training.optimiser import compile_trainer
    from fmnist.training.trained import Progress
    from fmnist.training.trainer import adopt_weights, build_trainer

    recipe = Recipe.from_dict(values)
    rng = np.random.default_rng(0)
    batches = [
        (rng.integers(0, 256, (16, 28, 28, 1)).astype(np.float32), rng.integers(0, 10, 16))
        for _ in range(5)
    ]

    def fresh() -> tuple[Any, Any]:
        teacher = build_network(replace(recipe, seed=9)) if recipe.teacher else None
        network = build_network(recipe)
        trainer = build_trainer(network, recipe, "float32", teacher)
        compile_trainer(trainer, recipe, 15)
        return network, trainer

    def finish(network: Any, trainer: Any) -> list[np.ndarray]:
        for batch in batches[3:]:
            trainer.train_on_batch(*batch)
        adopt_weights(network, trainer)
        return network.get_weights()

    network, trainer = fresh()
    for batch in batches[:3]:
        trainer.train_on_batch(*batch)
    save_checkpoint(Path(folder), trainer, Progress(epoch=1))
    whole = finish(network, trainer)
    network, trainer = fresh()
    load_checkpoint(Path(folder), trainer)
    return list(zip(whole, finish(network, trainer), strict=True))


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


def checkpoint(folder: str, damage: str | None) -> dict[str, Any] | str:
    """Save a checkpoint and load it into a fresh trainer, perhaps damaged; return the error."""
    from fmnist.errors import RunError
    from fmnist.networks.build import build_network
    from fmnist.training.checkpoint import load_checkpoint, save_checkpoint
    from fmnist.training.optimiser import compile_trainer
    from fmnist.training.trained import Progress
    from fmnist.training.trainer import build_trainer

    def fresh(network: str = "baseline", seed: int = 0) -> Any:
        recipe = Recipe(network, seed=seed)
        trainer = build_trainer(build_network(recipe), recipe, "float32")
        compile_trainer(trainer, recipe, 15)
        return trainer

    def values(trainer: Any) -> list[np.ndarray]:
        return [np.array(v) for v in (*trainer.variables, *trainer.optimizer.variables)]

    place = Path(folder)
    saved = fresh(seed=1)
    images = np.zeros((8, 28, 28, 1), np.float32)
    saved.train_on_batch(images, np.arange(8))
    save_checkpoint(place, saved, Progress(1, 1, 0.5, 2.0))
    save_checkpoint(place, saved, Progress(2, 1, 0.5, 4.0))
    weights = place / "epoch-0002.npz"
    match damage:
        case "cut":
            weights.write_bytes(weights.read_bytes()[:5000])
        case "empty":
            weights.write_bytes(b"")
        case "text":
            weights.write_text("hello")
        case "gone":
            weights.unlink()
        case "progress cut":
            (place / "progress.json").write_text('{"epoch": 2,')
        case "progress empty":
            (place / "progress.json").write_text("{}")
        case "progress outside":
            (place / "progress.json").write_text('{"weights": "epoch-0002.npz"}')
    other = fresh("cnn" if damage == "other network" else "baseline")
    try:
        progress = load_checkpoint(place, other)
    except RunError as error:
        return str(error)
    same = [np.array_equal(a, b) for a, b in zip(values(saved), values(other), strict=True)]
    return {
        "same": all(same), "epoch": progress.epoch, "seconds": progress.seconds,
        "files": sorted(path.name for path in place.iterdir()),
        "fresh": load_checkpoint(place / "none", other).epoch,
    }  # fmt: skip
