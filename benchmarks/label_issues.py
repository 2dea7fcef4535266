"""Plant label flips, copies, shifts and noise in the training set, and count what ranks on top.

``python -m benchmarks.label_issues`` trains the five quick networks on the planted data in a folder
of its own, about ten minutes on two cores; ``--images 12000`` takes a fifth of the images and of
the flips. As 200 flips are few, it then plants others, fifty times, without training again: 200
labels hardly change a network; only the score by networks that learned the flips needs real ones.
For comparison it plants them as densely in the labels of the test set, and ranks them by what the
shipped networks have answered, which took minutes to hours to train.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np

from fmnist.data import Dataset, load_dataset, split_validation, write_csv
from fmnist.evaluation.metrics import compute_confusion
from fmnist.inference import InferencePool
from fmnist.labels.folds import N_FOLDS, find_fold_runs, find_key
from fmnist.labels.issues import Labels, list_copies
from fmnist.labels.near_copies import shift_images
from fmnist.labels.scores import METHODS, OUT_OF_FOLD_METHODS, score_labels
from fmnist.labels.search import open_label_search, search
from fmnist.runs import Predictions, Recipe, Run, RunState
from fmnist.runs.layout import RunFile
from fmnist.settings import PROJECT_DIR

N_FLIPS: Final = 200
N_OTHERS: Final = 20
"""Planted copies, shifts and noise images, each."""

N_IMAGES: Final = 60_000

N_DRAWS: Final = 50
"""Times that other flips are planted for given probabilities; the figure is their mean."""

SHIPPED: Final = ("cnn", "compact", "record")


@dataclasses.dataclass
class Planted:
    """Rows of the training set in which something was planted, and the labels before the flips."""

    y_train: np.ndarray
    flips: np.ndarray
    copies: np.ndarray
    shifts: np.ndarray
    noise: np.ndarray


def plant(dataset: Dataset, n_images: int, seed: int = 0) -> tuple[Dataset, Planted]:
    """Return a share of the data set with planted issues, and where they are."""
    rng = np.random.default_rng(seed)
    rows = np.arange(len(dataset.y_train))
    if n_images < len(rows):
        _, rows = split_validation(dataset.y_train, share=n_images / len(rows))
    x, y = np.array(dataset.x_train[rows]), np.array(dataset.y_train[rows])
    n_flips = round(N_FLIPS * len(y) / N_IMAGES)
    chosen = rng.permutation(len(y))[: n_flips + 3 * N_OTHERS]
    flips, copies, shifts, noise = np.split(chosen, n_flips + N_OTHERS * np.arange(3))
    y_train = y.copy()
    flip(y, flips, rng)
    sources = rng.permutation(len(dataset.y_test))[: 2 * N_OTHERS]
    for place, source in zip(copies, sources[:N_OTHERS], strict=True):
        x[place], y[place] = dataset.x_test[source], dataset.y_test[source]
    for place, source in zip(shifts, sources[N_OTHERS:], strict=True):
        down, right = ((0, 1), (1, 0), (-1, 0), (1, -1))[int(rng.integers(4))]
        x[place] = shift_images(np.asarray(dataset.x_test[source])[None], down, right)[0]
        y[place] = dataset.y_test[source]
    x[noise] = rng.integers(0, 256, x[noise].shape)
    return dataclasses.replace(dataset, x_train=x, y_train=y), Planted(
        y_train, flips, copies, shifts, noise
    )


def flip(labels: np.ndarray, rows: np.ndarray, rng: np.random.Generator) -> None:
    """Replace labels by classes that they are confused with, in proportion."""
    odds = count_confusions()
    for row in rows:
        labels[row] = rng.choice(10, p=odds[labels[row]] / odds[labels[row]].sum())


def count_confusions() -> np.ndarray:
    """Return how often ``cnn`` takes each class for each other one, by its validation images."""
    stored = Predictions.load(PROJECT_DIR / "models" / "cnn" / RunFile.PREDICTIONS)
    counts = compute_confusion(stored.val_true, stored.val_proba.argmax(axis=1)).astype(float)
    np.fill_diagonal(counts, 0)
    return counts


def train(folder: Path) -> None:
    """Train the five networks on the data in a folder, and wait for them."""
    for name in ("archive", "models", "cache"):
        os.environ[f"FMNIST_{name.upper()}"] = str(folder / name)
    os.environ["FMNIST_OFFLINE"] = "1"
    subprocess.run([sys.executable, "-m", "fmnist", "labels", "check"], cwd=PROJECT_DIR, check=True)
    fingerprint = load_dataset().fingerprints["train"]
    over = {RunState.FINISHED, RunState.FAILED, RunState.LOST, RunState.DAMAGED}
    while not all(run and run.load_state() in over for run in find_fold_runs(fingerprint)):
        time.sleep(1)


def report(planted: Planted) -> None:
    """Search, and print how much of what was planted ranks on top."""
    dataset = load_dataset()
    found = open_label_search(dataset)
    search(dataset, found, lambda *_: None)
    pixels, scores = found.load_pixels(), found.load_scores(find_key(dataset.fingerprints["train"]))
    if pixels is None or scores is None:
        sys.exit(
            f"Not all of the {N_FOLDS} networks are finished; see {os.environ['FMNIST_MODELS']}."
        )
    labels = Labels(dataset)
    compact = Run(PROJECT_DIR / "models" / "compact", Recipe("compact"))
    n_train, n_flips = labels.n_train, len(planted.flips)
    right = scores.y_proba[:n_train].argmax(axis=1) == dataset.y_train
    print(f"{n_train:,} training images, {N_FOLDS} networks in {scores.seconds:,.0f} s, "
          f"{right.mean():.1%} of the labels predicted out of fold\n")  # fmt: skip
    print(f"| planted | ranked by | among the first {n_flips} |\n| --- | --- | --- |")
    for method in METHODS:
        first = np.argsort(scores.scores[method][:n_train], kind="stable")[:n_flips]
        share = np.isin(first, planted.flips).mean()
        print(f"| {n_flips} flips | {method} | {share:.1%} |")
        rest = np.setdiff1d(first, planted.flips)
        answers = InferencePool().predict(compact, np.asarray(dataset.x_train[rest]))
        against = int((answers.argmax(axis=1) != dataset.y_train[rest]).sum())
        print(
            f"| | the {len(rest)} others | `compact`, which learned them, contradicts {against} |"
        )
    listed = [issue.item.row for issue in list_copies(labels, pixels)]
    for name, rows in (("copies", planted.copies), ("shifts", planted.shifts)):
        top = np.isin(rows, listed[: 2 * N_OTHERS + 10]).mean()
        print(
            f"| {N_OTHERS} {name} of test images | copies, first {2 * N_OTHERS + 10} | {top:.0%} |"
        )
    first = np.argsort(-pixels.distances[:n_train], kind="stable")[:N_OTHERS]
    top = np.isin(first, planted.noise).mean()
    print(f"| {N_OTHERS} images of noise | outliers, first {N_OTHERS} | {top:.0%} |")
    others = np.concatenate([planted.copies, planted.shifts, planted.noise])
    rest = np.setdiff1d(np.arange(n_train), others)
    rank_draws("out of fold", planted.y_train[rest], scores.y_proba[rest])


def rank_draws(source: str, y_true: np.ndarray, y_proba: np.ndarray) -> None:
    """Plant flips in true labels many times, and print the mean share that ranks on top."""
    n_flips = round(N_FLIPS * len(y_true) / N_IMAGES)
    shares: dict[str, list[float]] = {method: [] for method in OUT_OF_FOLD_METHODS}
    for seed in range(N_DRAWS):
        rng = np.random.default_rng(seed)
        labels = y_true.astype(np.int64)
        rows = rng.permutation(len(labels))[:n_flips]
        flip(labels, rows, rng)
        for method in OUT_OF_FOLD_METHODS:
            first = np.argsort(score_labels(labels, y_proba, method), kind="stable")[:n_flips]
            shares[method].append(float(np.isin(first, rows).mean()))
    for method, found in shares.items():
        error = np.std(found, ddof=1) / np.sqrt(N_DRAWS)
        print(f"| {n_flips} flips, {N_DRAWS} draws | {source}: {method} | "
              f"{np.mean(found):.1%} ± {error:.1%} |")  # fmt: skip


def rank_shipped() -> None:
    """Print how much of what is planted in the test set ranks on top by stored answers."""
    for run_id in SHIPPED:
        stored = Predictions.load(PROJECT_DIR / "models" / run_id / RunFile.PREDICTIONS)
        rank_draws(f"`{run_id}` on the test set", stored.test_true, stored.test_proba)


def main(arguments: list[str] | None = None) -> None:
    """Plant, train and report."""
    parser: Any = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=N_IMAGES, help="training images")
    options = parser.parse_args(arguments)
    changed, planted = plant(load_dataset(), options.images)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "archive").mkdir()
        write_csv(changed, Path(folder) / "archive")
        train(Path(folder))
        report(planted)
    rank_shipped()


if __name__ == "__main__":
    main()
