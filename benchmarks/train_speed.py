"""Measures how fast the ``cnn`` trains: in this program, with reporting, and in plain Keras.

Plain is what a notebook does (``plain_way``), in a process of its own, which waits while ours
trains the same images, and the other way round; ``quiet`` is ours without live reporting. ``--until
0.92`` instead measures how long each takes to reach that test accuracy; ours uses the quick preset,
including validation, and tests are not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import fmnist  # noqa: F401  # before TensorFlow: it decides on its kernels

import tensorflow as tf  # isort: skip
import keras
import numpy as np

from fmnist.data import Dataset, load_dataset
from fmnist.networks import find_network
from fmnist.networks.build import build_network
from fmnist.runs import Recipe, Run, create_run
from fmnist.settings import PROJECT_DIR
from fmnist.training.batch_reporter import BatchReporter
from fmnist.training.batches import EpochBatches
from fmnist.training.data import choose_training_data
from fmnist.training.memory import measure_peak_memory
from fmnist.training.optimiser import compile_trainer
from fmnist.training.precision import choose_precision
from fmnist.training.reporter import Reporter
from fmnist.training.scoring import compute_metrics, predict_probabilities
from fmnist.training.trainer import adopt_weights, build_trainer

BATCHES = 60
"""Batches per turn: a few seconds each, so that a disturbance affects one turn and not the median.

With ``--batches 422`` a turn is a whole epoch, as a notebook has it: what waits at the end of a
``fit`` then counts as often as it does there.
"""

WARMING_BATCHES = 5
"""Batches of the first turn, which builds graphs and is not counted."""

MAX_EPOCHS = 40
"""Plain is given up after so many."""


class Plain:
    """Plain Keras in a separate process that trains on request."""

    def __init__(self, seed: int = 0) -> None:
        # A notebook sets none of this; this program does (fmnist/__init__.py).
        environment = {k: v for k, v in os.environ.items() if k != "TF_ENABLE_ONEDNN_OPTS"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.plain_way", str(seed)],
            cwd=PROJECT_DIR,
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def train(self, batches: int, *, test: bool = False) -> dict[str, float]:
        """Train a number of batches; return the seconds and, if requested, the test accuracy."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{batches}{' test' if test else ''}\n")
        self._process.stdin.flush()
        answer: dict[str, float] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()


def build_ours(recipe: Recipe, batches: int) -> tuple[keras.Model, keras.Model, str]:
    """Build network and trainer as in a run; return them and the chosen precision."""
    precision = choose_precision(recipe, batches * recipe.epochs)["precision"]
    network = build_network(recipe)
    trainer = build_trainer(network, recipe, precision)
    compile_trainer(trainer, recipe, batches)
    return network, trainer, precision


def start_reporter(recipe: Recipe) -> tuple[Run, Reporter]:
    """Create a run directory and the reporter that writes to it."""
    run = create_run(recipe)
    return run, Reporter(run, "benchmark", recipe.epochs)


def measure_pace(dataset: Dataset, rounds: int, batches: int) -> list[dict[str, Any]]:
    """Return the images per second of plain, ours and quiet, measured in turns, with ratios."""
    recipe = find_network("cnn").recipe
    rows = choose_training_data(dataset, recipe).train_rows
    plain = Plain()
    _, trainer, precision = build_ours(recipe, batches)
    _, reporter = start_reporter(recipe)

    def fit_ours(count: int, *, live: bool = True) -> float:
        images = rows[: count * recipe.batch_size]
        order = EpochBatches(
            dataset.x_train, dataset.y_train, images, batch_size=recipe.batch_size, seed=0, epoch=0
        )
        watcher = BatchReporter(reporter, epoch=0, batches=count, images=len(images), seconds=0)
        start = time.perf_counter()
        trainer.fit(order, shuffle=False, verbose=0, callbacks=[watcher] if live else [])
        return time.perf_counter() - start

    turns: dict[str, Callable[[int], float]] = {
        "plain": lambda count: plain.train(count)["seconds"],
        f"ours, {precision}": fit_ours,
        "ours, no live reporting": lambda count: fit_ours(count, live=False),
    }
    for turn in turns.values():
        turn(WARMING_BATCHES)
    seconds: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(rounds):
        for name, turn in turns.items():
            seconds[name].append(turn(batches))
    plain.close()
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    images = len(rows[: batches * recipe.batch_size])
    return [
        {
            "what": name,
            "images_per_second": images / medians[name],
            "ratio_to_plain": medians["plain"] / medians[name],
            "slowest": images / max(values),
            "fastest": images / min(values),
        }
        for name, values in seconds.items()
    ]


def train_plain(seed: int, batches: int) -> Iterator[tuple[float, float]]:
    """Yield training seconds and test accuracy after each epoch of the plain way."""
    plain, seconds = Plain(seed), 0.0
    try:
        for _ in range(MAX_EPOCHS):
            answer = plain.train(batches, test=True)
            seconds += answer["seconds"]
            yield seconds, answer["test"]
    finally:
        plain.close()


def train_ours(dataset: Dataset, recipe: Recipe) -> Iterator[tuple[float, float]]:
    """Yield seconds, validation included, and test accuracy after each epoch of a recipe."""
    y_test = np.asarray(dataset.y_test)
    data = choose_training_data(dataset, recipe)
    batches = -(-len(data.train_rows) // recipe.batch_size)
    choose_precision(recipe, batches * recipe.epochs)  # once per machine, so not timed
    start, paused = time.perf_counter(), 0.0
    network, trainer, _ = build_ours(recipe, batches)
    _, reporter = start_reporter(recipe)
    for epoch in range(recipe.epochs):
        live = BatchReporter(
            reporter, epoch=epoch, batches=batches, images=len(data.train_rows), seconds=0
        )
        order = EpochBatches(
            dataset.x_train, dataset.y_train, data.train_rows,
            batch_size=recipe.batch_size, seed=recipe.seed, epoch=epoch,
        )  # fmt: skip
        trainer.fit(order, shuffle=False, verbose=0, callbacks=[live])
        adopt_weights(network, trainer)
        predict_probabilities(network, dataset.x_train[data.val_rows], lambda _: None)
        stop = time.perf_counter()
        y_proba = predict_probabilities(network, dataset.x_test, lambda _: None)
        yield stop - start - paused, compute_metrics(y_test, y_proba)["accuracy"]
        paused += time.perf_counter() - stop


def measure_until(dataset: Dataset, accuracy: float, seeds: int) -> None:
    """Print how long ours and plain take to reach an accuracy on the test set."""
    quick = find_network("cnn").presets["quick"]
    reached: dict[str, list[float]] = {"plain": [], "quick preset": []}
    batches = -(-len(choose_training_data(dataset, quick).train_rows) // 128)
    for seed in range(seeds):
        ways = {
            "plain": train_plain(seed, batches),
            "quick preset": train_ours(dataset, replace(quick, seed=seed)),
        }
        for name, way in ways.items():
            for epoch, (seconds, test) in enumerate(way, start=1):
                print(
                    f"{name}, seed {seed}, epoch {epoch}: {test:.2%}, {seconds:.0f} s", flush=True
                )
                if test >= accuracy:
                    reached[name].append(seconds)
                    break
            else:
                reached[name].append(float("inf"))
    for name, values in reached.items():
        print(f"{name}: {accuracy:.0%} on the test set after {statistics.median(values):.0f} s")
    ratio = statistics.median(reached["quick preset"]) / statistics.median(reached["plain"])
    print(f"ratio {ratio:.2f}, target at most 0.33")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batches", type=int, default=BATCHES, help="a turn")
    parser.add_argument("--until", type=float, metavar="ACCURACY")
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    tf.get_logger().setLevel("ERROR")
    dataset = load_dataset(download=False)
    with tempfile.TemporaryDirectory() as models:
        os.environ["FMNIST_MODELS"] = models
        if options.until:
            measure_until(dataset, options.until, options.seeds)
            return
        rows = measure_pace(dataset, options.rounds, options.batches)
    turns = f"{options.rounds} rounds of {options.batches} batches"
    print(f"images a second while training the cnn, {turns}")
    print(f"{'':26}{'median':>9}{'slowest':>9}{'fastest':>9}{'to plain':>9}")
    for row in rows:
        figures = (row["images_per_second"], row["slowest"], row["fastest"])
        print(
            f"{row['what']:26}"
            + "".join(f"{value:9,.0f}" for value in figures)
            + f"{row['ratio_to_plain']:8.2f}×"
        )
    live = rows[2]["images_per_second"] / rows[1]["images_per_second"] - 1
    print(f"live reporting costs {live:.1%} (target at most 2%)")
    print(f"most memory in use: {measure_peak_memory():,.0f} MB")


if __name__ == "__main__":
    main()
