"""On JAX, many steps in one compiled call are the steps that ``fit`` takes one by one."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fmnist.runs import Recipe
from fmnist.settings import PROJECT_DIR

RECIPES = {
    "dense": (Recipe("baseline", width=0.25, batch_size=16, augmentation="flip_shift_erase"), 1e-6),
    "taught": (
        Recipe("baseline", width=0.25, batch_size=16, teacher="any", averaging=False, dropout=0.5),
        1e-6,
    ),
    # Convolutions inside of a loop are added up in another order.
    "convolutions": (
        Recipe("cnn", width=0.25, batch_size=64, optimizer="sgd", augmentation="crop_cutout"), 1e-3,
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.parametrize("name", RECIPES)
def test_steps_in_one_call_are_those_one_by_one(name: str, jax_python: Path) -> None:
    recipe, tolerance = RECIPES[name]
    done = subprocess.run(
        [jax_python, "-m", "tests.support.in_jax_epochs", json.dumps(recipe.to_dict())],
        cwd=PROJECT_DIR, env={**os.environ, "FMNIST_BACKEND": "jax"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["difference"] <= tolerance
    for metrics in found["metrics"]:
        assert set(metrics) == {"loss", "accuracy", "crossentropy"}
        for one_by_one, at_once in metrics.values():
            assert at_once == pytest.approx(one_by_one, abs=10 * tolerance)
    # Each epoch is reported to its end, in growing parts.
    ends = [i for i, done in enumerate(found["reports"]) if done == found["batches"]]
    assert len(ends) == 2
    assert found["reports"][: ends[0] + 1] == sorted(found["reports"][: ends[0] + 1])
