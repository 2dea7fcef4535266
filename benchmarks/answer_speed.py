"""Compares prediction times: ONNX Runtime in its worker, and Keras' two plain ways.

The first answer is timed from a new Python process, as a server's or a command's, to the
probabilities of one image, the start of the inference worker included. Then the three ways answer
one image in turn, so that a busy machine slows all of them: ``InferencePool.predict`` (images that
it has not cached), the network called eagerly, and ``predict``. Memory is the resident size of the
inference worker after all of it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import psutil

from fmnist.inference import InferencePool
from fmnist.runs import open_run
from fmnist.settings import PROJECT_DIR

TARGETS = {"first answer, s": 1.0, "one image, ms": 5.0, "worker, MB": 250.0}
"""Upper limits of what is measured."""

_FIRST = """
import numpy as np
from fmnist.inference import InferencePool
from fmnist.runs import open_run
import sys, time
start = time.perf_counter()
InferencePool().predict(open_run(sys.argv[1]), np.zeros((1, 28, 28), np.uint8))
print(time.perf_counter() - start)
"""


def measure(run_id: str, starts: int, rounds: int) -> dict[str, list[float]]:
    """Return what was measured, by name."""
    figures: dict[str, list[float]] = {
        "first answer, s": [_time_first_answer(run_id) for _ in range(starts)]
    }
    ways = {"one image, ms": _build_ours(run_id), **_build_keras_ways(run_id)}
    images = np.random.default_rng(0).integers(0, 256, (rounds + 2, 28, 28)).astype(np.uint8)
    for number, image in enumerate(images):
        for name, answer in ways.items():
            start = time.perf_counter()
            answer(image[None])
            if number >= 2:  # the first ones load and trace
                figures.setdefault(name, []).append(1000 * (time.perf_counter() - start))
    (worker,) = psutil.Process().children()
    return figures | {"worker, MB": [worker.memory_info().rss / 1e6]}


def _time_first_answer(run_id: str) -> float:
    done = subprocess.run(
        [sys.executable, "-c", _FIRST, run_id], cwd=PROJECT_DIR, capture_output=True, check=True
    )
    return float(done.stdout)


def _build_ours(run_id: str) -> Callable[[Any], Any]:
    pool, run = InferencePool(), open_run(run_id)
    return lambda images: pool.predict(run, images)


def _build_keras_ways(run_id: str) -> dict[str, Callable[[Any], Any]]:
    from fmnist.networks.load import load_network

    network = load_network(str(open_run(run_id).model_path))

    def build_batch(images: Any) -> Any:
        return images.astype(np.float32)[..., np.newaxis]

    return {
        "Keras eager, ms": lambda images: network(build_batch(images), training=False),
        "Keras predict, ms": lambda images: network.predict(build_batch(images), verbose=0),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--run", default="compact")
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    figures = measure(options.run, options.starts, options.rounds)
    ours = statistics.median(figures["one image, ms"])
    print(f"{options.run}, {os.cpu_count()} cores, load {load:.1f} before the measurement")
    print(f"{'':20}{'median':>9}{'min':>9}{'max':>9}{'n':>5}{'ratio':>8}{'target':>9}")
    for name, values in figures.items():
        median = statistics.median(values)
        spread = "".join(f"{value:9.2f}" for value in (median, min(values), max(values)))
        ratio = f"{median / ours:8.1f}" if name.endswith("ms") else f"{'':8}"
        limit = TARGETS.get(name)
        verdict = "" if limit is None else "  holds" if median <= limit else "  missed"
        target = "" if limit is None else f"{limit:9g}"
        print(f"{name:20}{spread}{len(values):5}{ratio}{target}{verdict}")


if __name__ == "__main__":
    main()
