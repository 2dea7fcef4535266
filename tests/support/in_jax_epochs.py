"""Epochs on JAX, their steps in compiled calls and one by one: run by a Python that has JAX."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

from fmnist.runs import Recipe
from fmnist.training.backend import import_backend

EPOCHS = 2
N_IMAGES = 150


def compare(values: dict[str, Any]) -> dict[str, Any]:
    """Train the recipe both ways; return metrics, reports and the largest difference of a value."""
    from fmnist.networks.build import build_network
    from fmnist.training.batches import EpochBatches, shuffle_rows
    from fmnist.training.compiled_epoch import CompiledEpochs
    from fmnist.training.optimiser import compile_trainer
    from fmnist.training.trainer import build_trainer

    recipe = Recipe.from_dict(values)
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (N_IMAGES, 28, 28), np.uint8)
    y = rng.integers(0, 10, N_IMAGES).astype(np.uint8)
    rows = np.arange(0, N_IMAGES)[rng.random(N_IMAGES) < 0.9]

    def fresh() -> Any:
        teacher = build_network(Recipe("baseline", width=0.25)) if recipe.teacher else None
        trainer = build_trainer(build_network(recipe), recipe, "float32", teacher)
        compile_trainer(trainer, recipe, -(-len(rows) // recipe.batch_size))
        return trainer

    one_by_one, at_once = fresh(), fresh()
    compiled = CompiledEpochs(at_once, x, y)
    reports: list[int] = []
    metrics = []
    for epoch in range(EPOCHS):
        batches = EpochBatches(
            x, y, rows, batch_size=recipe.batch_size, seed=recipe.seed, epoch=epoch
        )
        history = one_by_one.fit(batches, shuffle=False, verbose=0).history
        found = compiled.run_epoch(
            shuffle_rows(rows, recipe.seed, epoch),
            recipe.batch_size,
            lambda done, _: reports.append(done),
        )
        metrics.append({name: (values[0], found[name]) for name, values in history.items()})
    states = [
        [np.asarray(v.value, float) for v in (*trainer.variables, *trainer.optimizer.variables)]
        for trainer in (one_by_one, at_once)
    ]
    return {
        "batches": -(-len(rows) // recipe.batch_size),
        "metrics": metrics,
        "reports": reports,
        "difference": max(np.abs(a - b).max() for a, b in zip(*states, strict=True)),
    }


if __name__ == "__main__":
    import_backend()
    sys.stdout.write(json.dumps(compare(json.loads(sys.argv[1]))))
