"""What the tests of learning from a teacher ask of Keras, in a separate process."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np

from fmnist.runs import Recipe


def take_step(values: dict[str, Any]) -> dict[str, Any]:
    """Take one step and return its loss, the probabilities it is made of, and what changed."""
    from fmnist.networks.build import build_network
    from fmnist.training.optimiser import compile_trainer
    from fmnist.training.trainer import build_trainer

    recipe = Recipe.from_dict(values)
    teacher = build_network(replace(recipe, seed=9))
    rng = np.random.default_rng(1)  # far from uniform, so that the teacher has something to say
    teacher.set_weights([w + rng.normal(0, 0.1, w.shape) for w in teacher.get_weights()])
    before = teacher.get_weights()
    images = rng.integers(0, 256, (16, 28, 28, 1)).astype(np.float32)
    labels = rng.integers(0, 10, 16)
    network = build_network(recipe)
    trainer = build_trainer(network, recipe, "float32", teacher)
    compile_trainer(trainer, recipe, 15)
    student, target = np.array(network(images, training=True)), np.array(teacher(images))
    loss = trainer.train_on_batch(images, labels, return_dict=True)
    return {
        "loss": float(loss["loss"]),
        "shown": float(loss["crossentropy"]),
        "labels": labels,
        "student": student,
        "target": target,
        "is_changed": any(
            (one != other).any() for one, other in zip(before, teacher.get_weights(), strict=True)
        ),
        "trainable": len(trainer.trainable_weights),
        "own": len(network.trainable_weights),
    }


def load(models: str, values: dict[str, Any]) -> int:
    """Load a recipe's teacher and return its number of parameters."""
    from fmnist.training.teacher import load_teacher

    with mock.patch.dict(os.environ, {"FMNIST_MODELS": models}):
        teacher = load_teacher(Recipe.from_dict(values))
        return 0 if teacher is None else teacher.count_params()
