"""Checkpoints of Keras' trainers: for a separate process; inputs and outputs are plain values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.runs import Recipe


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
