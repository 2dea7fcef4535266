"""In what numbers to compute the steps: measured, since processors differ.

``mixed_bfloat16`` halves the work of convolutions on processors with AVX512-BF16 or AMX and
slows others down.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from typing import Any, Final

import keras
import numpy as np

from fmnist import settings
from fmnist.networks.build import build_network
from fmnist.runs import Recipe
from fmnist.runs.files import write_json
from fmnist.training.hardware import collect_versions, describe_hardware
from fmnist.training.optimiser import compile_trainer
from fmnist.training.trainer import build_trainer

CANDIDATES: Final = ("float32", "mixed_bfloat16")
WARM_STEPS: Final = 3
TIMED_STEPS: Final = 8
HOPELESS: Final = 3
"""So many times slower than another precision in a warm-up step: measured no further. Where
bfloat16 is only emulated, eleven steps of a large network would take minutes."""
WORTH_MEASURING_STEPS: Final = 400
"""A run of fewer steps is over before the measurement (some seconds) has paid."""


def choose_precision(recipe: Recipe, steps: int) -> dict[str, Any]:
    """Decide a run's precision and say why.

    Measured once for a network on a machine; the figures are kept in the cache folder, so that
    runs that differ in their seed alone are computed alike.

    Args:
        recipe: what will be trained.
        steps: how many steps the whole run has.

    Returns:
        ``precision``, ``reason`` and, where measured, ``images_per_second`` of each candidate.
    """
    if recipe.precision != "auto":
        return {"precision": recipe.precision, "reason": "The recipe says so."}
    if steps < WORTH_MEASURING_STEPS:
        return {
            "precision": "float32",
            "reason": f"A run of {steps} steps is too short to measure what is faster.",
        }
    pace = _load_or_measure(recipe)
    fastest = max(pace, key=pace.__getitem__)
    return {
        "precision": fastest,
        "images_per_second": pace,
        "reason": "Measured on this machine: "
        + ", ".join(f"{name} {value:,.0f} images a second" for name, value in pace.items())
        + ".",
    }


def _load_or_measure(recipe: Recipe) -> dict[str, float]:
    path = settings.cache_dir() / "measured_precision.json"
    hardware = describe_hardware()
    parts = (
        recipe.network, recipe.width, recipe.batch_size, recipe.normalisation,
        hardware["processor"], hardware["cores"], *hardware["accelerators"],
        collect_versions()["tensorflow"],
    )  # fmt: skip
    key = " · ".join(map(str, parts))
    try:
        known = json.loads(path.read_text())
        pace = {name: float(known[key][name]) for name in CANDIDATES}
    except (OSError, ValueError, KeyError, TypeError):
        known = {}
        pace = {}
        for name in CANDIDATES:
            pace[name] = measure_pace(recipe, name, beside=max(pace.values(), default=0.0))
        _remember(path, key, pace)
    return pace


def _remember(path: Any, key: str, pace: dict[str, float]) -> None:
    try:
        known = json.loads(path.read_text())
    except (OSError, ValueError):
        known = {}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, {**known, key: pace})
    except OSError:
        return  # a folder that can't be written: the next run measures again


def measure_pace(recipe: Recipe, precision: str, *, beside: float = 0.0) -> float:
    """Return images a second of training steps, by the quickest of a few (others' load only adds).

    Args:
        recipe: what to train.
        precision: in what numbers.
        beside: pace of another precision; one that is hopelessly slower is not measured to the end.

    Raises nothing: a precision that does not work here has pace 0.
    """
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (recipe.batch_size, 28, 28, 1)).astype(np.float32)
    y = rng.integers(0, 10, recipe.batch_size).astype(np.uint8)
    try:
        plain = replace(recipe, augmentation="none")
        trainer = build_trainer(build_network(plain), plain, precision)
        compile_trainer(trainer, plain, TIMED_STEPS)
        best = math.inf
        for step in range(WARM_STEPS + TIMED_STEPS):
            start = time.perf_counter()
            trainer.train_on_batch(x, y)
            took = time.perf_counter() - start
            is_traced = step > 0  # the first step also builds what the others run
            if is_traced and recipe.batch_size / took * HOPELESS < beside:
                return recipe.batch_size / took
            if step >= WARM_STEPS:
                best = min(best, took)
    except (ValueError, TypeError, RuntimeError, NotImplementedError):
        return 0.0
    finally:
        keras.backend.clear_session()
    return recipe.batch_size / best
