from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.data import Dataset, Source
from fmnist.errors import RunError
from fmnist.runs.watch import N_WATCHED, choose_watched, load_watch
from fmnist.training.watch_record import record_epoch

SOURCE = Source("idx", None, (), ())
RNG = np.random.default_rng(0)
X_TRAIN = RNG.integers(0, 256, (400, 28, 28), np.uint8)
Y_TRAIN = (np.arange(400) % 10).astype(np.uint8)
VAL_ROWS = np.arange(1, 400, 2)
"""Only the odd classes, so that a class without images is met as well."""

ALL_ROWS = np.arange(0, 400)


def record(path: Path, epoch: int, *, rows: np.ndarray = ALL_ROWS, seed: int | None = None):
    rng = np.random.default_rng(epoch if seed is None else seed)
    y_proba = rng.dirichlet(np.ones(10), len(rows)).astype(np.float32)
    dataset = Dataset(X_TRAIN, Y_TRAIN, X_TRAIN, Y_TRAIN, SOURCE, {"train": "t", "test": "t"})
    record_epoch(path, epoch, dataset, rows, y_proba)
    return y_proba


def test_epochs_are_recorded_one_after_the_other(tmp_path: Path) -> None:
    given = [record(tmp_path, epoch) for epoch in (1, 2, 3)]
    watch = load_watch(tmp_path)
    assert watch is not None
    np.testing.assert_array_equal(watch.epochs, [1, 2, 3])
    assert watch.proba.dtype == np.float32
    assert watch.proba.shape == (3, N_WATCHED, 10)
    assert watch.confusion.dtype == np.int32
    for i, y_proba in enumerate(given):
        np.testing.assert_array_equal(watch.proba[i], y_proba[watch.rows])
        truth = np.zeros((10, 10), int)
        np.add.at(truth, (Y_TRAIN, y_proba.argmax(axis=1)), 1)
        np.testing.assert_array_equal(watch.confusion[i], truth)
    assert watch.fingerprint == "t"
    np.testing.assert_array_equal(watch.y_true, Y_TRAIN[watch.rows])
    assert [path.name for path in tmp_path.iterdir()] == ["watch.npz"]


def test_repeated_epoch_replaces_itself_and_all_later_ones(tmp_path: Path) -> None:
    for epoch in (1, 2, 3, 4):
        record(tmp_path, epoch)
    again = record(tmp_path, 2, seed=99)
    watch = load_watch(tmp_path)
    assert watch is not None
    np.testing.assert_array_equal(watch.epochs, [1, 2])
    np.testing.assert_array_equal(watch.proba[1], again[watch.rows])
    record(tmp_path, 1)
    assert load_watch(tmp_path).epochs.tolist() == [1]  # type: ignore[union-attr]


def test_run_resumed_from_an_older_version_begins_where_it_is(tmp_path: Path) -> None:
    record(tmp_path, 7)
    record(tmp_path, 8)
    assert load_watch(tmp_path).epochs.tolist() == [7, 8]  # type: ignore[union-attr]


def test_rows_are_those_of_the_training_set(tmp_path: Path) -> None:
    y_proba = record(tmp_path, 1, rows=VAL_ROWS)
    record(tmp_path, 2, rows=VAL_ROWS)
    watch = load_watch(tmp_path)
    assert watch is not None
    assert set(watch.rows.tolist()) <= set(VAL_ROWS.tolist())
    assert sorted(set(watch.y_true.tolist())) == [1, 3, 5, 7, 9]
    np.testing.assert_array_equal(watch.proba[0], y_proba[watch.rows // 2])


def test_other_validation_rows_start_a_new_record(tmp_path: Path) -> None:
    record(tmp_path, 1, rows=ALL_ROWS)
    record(tmp_path, 2, rows=VAL_ROWS)
    assert load_watch(tmp_path).epochs.tolist() == [2]  # type: ignore[union-attr]


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "other"])
def test_damaged_file_is_reported_and_does_not_end_a_training(tmp_path: Path, damage: str) -> None:
    record(tmp_path, 1)
    path = tmp_path / "watch.npz"
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:900])
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("hello")
        case "other":
            np.savez(path, **{**np.load(path), "proba": np.zeros((1, 3, 10), np.float32)})
    with pytest.raises(RunError, match=r"watch\.npz"):
        load_watch(tmp_path)
    record(tmp_path, 2)
    assert load_watch(tmp_path).epochs.tolist() == [2]  # type: ignore[union-attr]


def test_run_that_recorded_nothing_has_no_watch(tmp_path: Path) -> None:
    assert load_watch(tmp_path) is None


def test_items_go_from_easy_to_hard() -> None:
    rng = np.random.default_rng(1)
    y = np.repeat(np.arange(10), 50).astype(np.uint8)
    noise = np.tile(np.linspace(0, 0.9, 50), 10)
    prototypes = rng.integers(0, 256, (10, 28, 28)).astype(float)
    # The later an item of its class, the more it looks like what all classes have in common.
    blur = prototypes.mean(axis=0) * noise[:, None, None]
    x = prototypes[y] * (1 - noise[:, None, None]) + blur
    chosen = choose_watched(x.astype(np.uint8), y)
    assert chosen.dtype == np.int64
    assert len(set(chosen.tolist())) == N_WATCHED
    easy, medium, hard = chosen.reshape(3, 10)
    for level in (easy, medium, hard):
        np.testing.assert_array_equal(y[level], np.arange(10))
    assert (noise[easy] < noise[medium]).all()
    assert (noise[medium] < noise[hard]).all()


def test_items_depend_on_the_data_alone() -> None:
    np.testing.assert_array_equal(
        choose_watched(X_TRAIN, Y_TRAIN), choose_watched(X_TRAIN.copy(), Y_TRAIN.copy())
    )


def test_class_with_fewer_than_three_items_gives_what_it_has() -> None:
    y = np.array([0, 1, 1, 2, 2, 2, 2], np.uint8)
    chosen = choose_watched(X_TRAIN[:7], y)
    assert len(set(chosen.tolist())) == len(chosen)
    assert np.bincount(y[chosen]).tolist() == [1, 2, 3]
