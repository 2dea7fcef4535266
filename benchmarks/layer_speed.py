"""Measure what each of our own layers brings to a training step against Keras' own.

A trainer of the same recipe is built for each variant, and they train the same batch in turns;
then the augmentation layers alone. ``ProductConvolution`` takes part only with ``--network compact
--precision mixed_bfloat16``. The table shows the fastest turn and the median CPU time of the
process, which other programs disturb less.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from fmnist.networks import NETWORKS
from fmnist.runs import Recipe

import tensorflow as tf  # isort: skip
import keras
import numpy as np

from fmnist.networks.build import build_network
from fmnist.training import augmentation, trainer
from fmnist.training.fused import FusedNormalization, ProductConvolution
from fmnist.training.optimiser import AveragingAdamW, compile_trainer
from fmnist.training.precision import WARM_STEPS


def _build_keras_augmentation(name: str, seed: int) -> list[keras.layers.Layer]:
    """Build what Keras has for ``flip_shift_erase``: affine transforms instead of products."""
    shift = augmentation.SHIFT_PIXELS / 28
    layers = [
        keras.layers.RandomFlip("horizontal", seed=seed),
        keras.layers.RandomTranslation(shift, shift, fill_mode="constant", seed=seed),
        keras.layers.RandomErasing(0.5, scale=augmentation.ERASE_AREA, seed=seed),
    ]
    parts = ("flip", "shift", "erase")
    return [layer for part, layer in zip(parts, layers, strict=True) if part in name]


@contextmanager
def _without(replaced: type[keras.layers.Layer]) -> Iterator[None]:
    kept = {k: v for k, v in trainer.FASTER.items() if v is not replaced}
    with mock.patch.object(trainer, "FASTER", kept):
        yield


VARIANTS: dict[str, Callable[[], Any]] = {
    "ours": lambda: mock.patch.object(trainer, "CORE", trainer.CORE),
    "Keras' normalisation": lambda: _without(FusedNormalization),
    "Keras' convolution": lambda: _without(ProductConvolution),
    "Keras' AdamW step": lambda: mock.patch.object(
        AveragingAdamW, "update_step", keras.optimizers.AdamW.update_step
    ),
    "Keras' augmentation": lambda: mock.patch.object(
        trainer, "build_augmentation", _build_keras_augmentation
    ),
}


def _time(
    calls: dict[str, Callable[[], object]], rounds: int, repeats: int
) -> dict[str, tuple[float, float]]:
    """Return milliseconds per call in alternating turns: fastest wall time, median CPU time."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            wall, cpu = time.perf_counter(), time.process_time()
            for _ in range(repeats):
                call()
            seconds = time.perf_counter() - wall, time.process_time() - cpu
            taken[name].append((1e3 * seconds[0] / repeats, 1e3 * seconds[1] / repeats))
    return {
        name: (min(wall for wall, _ in turns), statistics.median(cpu for _, cpu in turns))
        for name, turns in taken.items()
    }


def _print_table(title: str, times: dict[str, tuple[float, float]]) -> None:
    print(f"{title:44}{'fastest':>9}{'CPU':>9}{'to ours':>9}{'CPU':>9}")
    ours = times["ours"]
    for name, (wall, cpu) in times.items():
        print(f"{name:44}{wall:9.2f}{cpu:9.2f}{wall / ours[0]:8.2f}×{cpu / ours[1]:8.2f}×")


def _build_augmentation(build: Callable[[str, int], list[Any]], name: str) -> Callable[[], object]:
    layers = build(name, 0)
    images = tf.constant(np.random.default_rng(0).uniform(0, 255, (128, 28, 28, 1)), tf.float32)

    @tf.function  # type: ignore[untyped-decorator]
    def augment() -> Any:
        augmented = images
        for layer in layers:
            augmented = layer(augmented, training=True)
        return augmented

    return lambda: augment().numpy()


def _build_step(recipe: Recipe, precision: str) -> Callable[[], None]:
    model = trainer.build_trainer(build_network(recipe), recipe, precision)
    compile_trainer(model, recipe, 400)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (recipe.batch_size, 28, 28, 1)).astype(np.float32)
    labels = rng.integers(0, 10, recipe.batch_size)
    return lambda: model.train_on_batch(images, labels)


def main() -> None:
    """Print a table: seconds a step and their ratio to ours."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--network", choices=list(NETWORKS), default="cnn")
    parser.add_argument("--precision", default="float32")
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--augmentation", default="flip_shift_erase")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=5, help="a turn")
    options = parser.parse_args()
    tf.get_logger().setLevel("ERROR")
    recipe = Recipe(
        options.network, augmentation=options.augmentation, batch_size=options.batch_size
    )
    steps: dict[str, Callable[[], object]] = {}
    for name, patch in VARIANTS.items():
        with patch():
            steps[name] = _build_step(recipe, options.precision)
            for _ in range(WARM_STEPS):  # TensorFlow traces twice, with the patch in place
                steps[name]()
    title = f"{options.network}, {options.precision}, ms a step of {recipe.batch_size}"
    _print_table(title, _time(steps, options.rounds, options.steps))
    layers: dict[str, Callable[[], object]] = {
        "ours": _build_augmentation(augmentation.build_augmentation, options.augmentation),
        "Keras'": _build_augmentation(_build_keras_augmentation, options.augmentation),
    }
    for layer in layers.values():
        layer()
    _print_table(f"{options.augmentation}, ms for 128 images", _time(layers, 20, 3))


if __name__ == "__main__":
    main()
