"""Measure what each of our own layers brings to a training step against Keras' own.

A trainer of the same recipe is built for each variant, and they train the same batch in turns;
``--network compact --precision mixed_bfloat16`` is where ``ProductConvolution`` takes part. CPU
seconds of the process are printed beside wall-clock seconds: other programs disturb them less.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fmnist.networks import NETWORKS
from fmnist.runs import Recipe

import tensorflow as tf  # isort: skip
import keras
import numpy as np

from fmnist.networks.build import build_network
from fmnist.training import augmentation, trainer
from fmnist.training.fused import FusedNormalization, ProductConvolution
from fmnist.training.optimiser import AveragingAdamW, compile_trainer


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
    parser.add_argument("--augmentation", default="flip_shift_erase")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=5, help="a turn")
    options = parser.parse_args()
    tf.get_logger().setLevel("ERROR")
    recipe = Recipe(options.network, augmentation=options.augmentation)
    steps = {}
    for name, patch in VARIANTS.items():
        with patch():
            steps[name] = _build_step(recipe, options.precision)
            steps[name]()  # traced with the patch in place
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in steps}
    for _ in range(options.rounds):
        for name, step in steps.items():
            wall, cpu = time.perf_counter(), time.process_time()
            for _ in range(options.steps):
                step()
            took = (time.perf_counter() - wall) / options.steps
            taken[name].append((took, (time.process_time() - cpu) / options.steps))
    medians = {
        name: [statistics.median(values) for values in zip(*turns, strict=True)]
        for name, turns in taken.items()
    }
    print(f"{options.network}, {options.precision}, ms a step of {recipe.batch_size} images")
    print(f"{'':24}{'wall':>8}{'CPU':>8}{'wall, to ours':>15}{'CPU, to ours':>14}")
    for name, (wall, cpu) in medians.items():
        ratios = wall / medians["ours"][0], cpu / medians["ours"][1]
        print(f"{name:24}{wall * 1e3:8.1f}{cpu * 1e3:8.1f}{ratios[0]:14.2f}×{ratios[1]:13.2f}×")


if __name__ == "__main__":
    main()
