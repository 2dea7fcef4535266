"""Chooses the precision of the training steps by measuring both on this machine.

``mixed_bfloat16`` halves the work of convolutions on processors with AVX512-BF16 or AMX and
slows others down.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
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
_STEPS: Final = WARM_STEPS + TIMED_STEPS
HOPELESS: Final = 3
"""A candidate this many times slower in a warm-up step is not measured further: where bfloat16 is
only emulated, eleven steps of a large network would take minutes."""
WORTH_MEASURING_STEPS: Final = 400
"""In shorter runs, the measurement, which takes a few seconds, does not pay off."""

Report = Callable[[float, str], None]
"""Called before each step with the fraction done, 0 to 1, and a description; may raise an error to
end it."""


def _ignore(_share: float, _detail: str) -> None:
    """Report nothing."""


def choose_precision(recipe: Recipe, steps: int, report: Report = _ignore) -> dict[str, Any]:
    """Choose a run's precision and give the reason.

    It is measured once per network and machine and cached, so that runs that differ only in their
    seed use the same precision.

    Args:
        recipe: what to train.
        steps: training steps of the whole run.
        report: receives the progress of a measurement.

    Returns:
        ``precision``, ``reason`` and, if measured, ``images_per_second`` of each candidate.
    """
    if recipe.precision != "auto":
        return {"precision": recipe.precision, "reason": "Set in the recipe."}
    if steps < WORTH_MEASURING_STEPS:
        return {
            "precision": "float32",
            "reason": f"A run of {steps} steps is too short to measure which is faster.",
        }
    pace = _load_or_measure(recipe, report)
    fastest = max(pace, key=pace.__getitem__)
    return {
        "precision": fastest,
        "images_per_second": pace,
        "reason": "Measured on this machine: "
        + ", ".join(f"{name} {value:,.0f} images per second" for name, value in pace.items())
        + ".",
    }


def _load_or_measure(recipe: Recipe, report: Report) -> dict[str, float]:
    path = settings.cache_dir() / "measured_precision.json"
    hardware, backend = describe_hardware(), keras.backend.backend()
    parts = (
        f"{recipe.network}{recipe.architecture}",
        recipe.width,
        recipe.batch_size,
        recipe.normalisation,
        hardware["processor"],
        hardware["cores"],
        *hardware["accelerators"],
        backend,
        collect_versions((backend,))[backend],
    )
    key = " · ".join(map(str, parts))
    try:
        known = json.loads(path.read_text())
        pace = {name: float(known[key][name]) for name in CANDIDATES}
    except (OSError, ValueError, KeyError, TypeError):
        known = {}
        pace = {}
        for i, name in enumerate(CANDIDATES):

            def report_step(step: int, i: int = i, name: str = name) -> None:
                share = (i + step / _STEPS) / len(CANDIDATES)
                report(share, f"{name}, step {step + 1} of {_STEPS}")

            beside = max(pace.values(), default=0.0)
            pace[name] = measure_pace(recipe, name, report_step, beside=beside)
        _save_pace(path, key, pace)
    return pace


def _save_pace(path: Path, key: str, pace: dict[str, float]) -> None:
    try:
        known = json.loads(path.read_text())
    except (OSError, ValueError):
        known = {}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, {**known, key: pace})
    except OSError:
        return  # the folder is read-only: the next run measures again


def measure_pace(
    recipe: Recipe, precision: str, report: Callable[[int], None], *, beside: float = 0.0
) -> float:
    """Return images per second of the fastest of a few training steps.

    Args:
        recipe: what to train.
        precision: ``float32`` or ``mixed_bfloat16``.
        report: called before each step with its number, from 0; may raise an error to end the
            measurement.
        beside: pace of another precision; one that is ``HOPELESS`` times slower is not measured to
            the end.

    Returns:
        0 if the precision does not work on this machine.
    """
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (recipe.batch_size, 28, 28, 1)).astype(np.float32)
    y = rng.integers(0, 10, recipe.batch_size).astype(np.uint8)
    try:
        plain = replace(recipe, augmentation="none", teacher="")
        trainer = build_trainer(build_network(plain), plain, precision)
        compile_trainer(trainer, plain, TIMED_STEPS)
        best = math.inf
        for step in range(_STEPS):
            report(step)
            start = time.perf_counter()
            trainer.train_on_batch(x, y)
            took = time.perf_counter() - start
            is_traced = step > 0  # the first step also compiles
            if is_traced and recipe.batch_size / took * HOPELESS < beside:
                return recipe.batch_size / took
            if step >= WARM_STEPS:
                best = min(best, took)
    except (ValueError, TypeError, RuntimeError, NotImplementedError):
        return 0.0
    finally:
        keras.backend.clear_session()
    return recipe.batch_size / best
