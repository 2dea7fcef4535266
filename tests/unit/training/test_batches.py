from __future__ import annotations

from typing import Any

import numpy as np
import pytest

LABELS = np.repeat(np.arange(10, dtype=np.uint8), [100, 90, 80, 70, 60, 50, 40, 30, 20, 10])


def choose(**changes: Any) -> dict[str, np.ndarray]:
    """Run in the process with Keras, since the module imports it."""
    from fmnist.training.data import choose_rows

    settings = {"validation_share": 0.1, "train_share": 1.0, "seed": 0, **changes}
    return dict(zip(("train", "val"), choose_rows(LABELS, **settings), strict=True))


def run_choose(changes: dict[str, Any]) -> dict[str, np.ndarray]:
    return choose(**changes)


def batches(seed: int, epoch: int, batch_size: int) -> list[tuple[np.ndarray, np.ndarray]]:
    from fmnist.training.batches import EpochBatches

    x = np.zeros((1000, 28, 28), np.uint8)
    x[:, 0, 0], x[:, 0, 1] = np.arange(1000) % 256, np.arange(1000) // 256
    y = (np.arange(1000) % 10).astype(np.uint8)
    epoch_batches = EpochBatches(
        x, y, np.arange(0, 1000, 3), batch_size=batch_size, seed=seed, epoch=epoch
    )
    return [epoch_batches[i] for i in range(len(epoch_batches))]


def read_by_keras() -> tuple[int, np.ndarray, np.ndarray]:
    """Return the workers, the rows in the order meant and in the order a network meets them."""
    import keras

    from fmnist.training.batches import EpochBatches

    x = np.zeros((1000, 28, 28), np.uint8)
    x[:, 0, 0], x[:, 0, 1] = np.arange(1000) % 256, np.arange(1000) // 256
    read = EpochBatches(x, np.zeros(1000, np.uint8), np.arange(1000), batch_size=7, seed=0, epoch=0)
    meant = np.concatenate([read[i][0] for i in range(len(read))])
    pixels = keras.Input((28, 28, 1))
    met = keras.Model(pixels, keras.layers.Identity()(pixels)).predict(read, verbose=0)
    return read.workers, meant, met


def test_keras_reads_ahead_in_its_own_threads_and_keeps_the_order(in_keras) -> None:
    workers, meant, met = in_keras(read_by_keras)
    assert workers > 1  # one leaves it to tf.data: epochs then ended with idle seconds
    np.testing.assert_array_equal(met, meant)


@pytest.mark.parametrize("train_share", [1.0, 0.3])
def test_rows_are_disjoint_and_stratified(in_keras, train_share: float) -> None:
    rows = in_keras(run_choose, {"train_share": train_share})
    assert np.intersect1d(rows["train"], rows["val"]).size == 0
    assert rows["train"].dtype == rows["val"].dtype == np.int64
    assert (np.diff(rows["train"]) > 0).all()
    assert (np.diff(rows["val"]) > 0).all()
    counts = np.bincount(LABELS)
    in_val = np.bincount(LABELS[rows["val"]], minlength=10)
    in_train = np.bincount(LABELS[rows["train"]], minlength=10)
    np.testing.assert_allclose(in_val, counts * 0.1, atol=1)
    np.testing.assert_allclose(in_train, counts * 0.9 * train_share, atol=1)
    if train_share == 1.0:
        np.testing.assert_array_equal(in_train + in_val, counts)


def test_validation_rows_depend_neither_on_the_seed_nor_on_the_share(in_keras) -> None:
    first = in_keras(run_choose, {"train_share": 0.5, "seed": 0})
    other = in_keras(run_choose, {"train_share": 0.5, "seed": 1})
    whole = in_keras(run_choose, {"seed": 9})
    np.testing.assert_array_equal(first["val"], other["val"])
    np.testing.assert_array_equal(first["val"], whole["val"])
    assert not np.array_equal(first["train"], other["train"])
    assert set(first["train"]) <= set(whole["train"])


def rows_of(parts: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    return np.concatenate([x[:, 0, 0, 0] + 256 * x[:, 0, 1, 0] for x, _ in parts]).astype(int)


def test_each_row_comes_once_in_an_order_of_seed_and_epoch_alone(in_keras) -> None:
    first, same, next_epoch, other_seed = (
        rows_of(in_keras(batches, seed, epoch, 64))
        for seed, epoch in ((0, 0), (0, 0), (0, 1), (1, 0))
    )
    for rows in (first, next_epoch, other_seed):
        np.testing.assert_array_equal(np.sort(rows), np.arange(0, 1000, 3))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, next_epoch)
    assert not np.array_equal(first, other_seed)
    assert not np.array_equal(first, np.arange(0, 1000, 3))


@pytest.mark.parametrize(
    ("batch_size", "sizes"), [(64, [64] * 5 + [14]), (334, [334]), (500, [334])]
)
def test_batches_have_the_shape_and_type_a_network_takes(
    in_keras, batch_size: int, sizes: list[int]
) -> None:
    parts = in_keras(batches, 0, 0, batch_size)
    assert [len(y) for _, y in parts] == sizes
    for x, y in parts:
        assert x.shape == (len(y), 28, 28, 1)
        assert (x.dtype, y.dtype) == (np.float32, np.uint8)
    assert max(x.max() for x, _ in parts) == 255  # still 0–255
    labels = np.concatenate([y for _, y in parts])
    np.testing.assert_array_equal(labels, rows_of(parts) % 10)
