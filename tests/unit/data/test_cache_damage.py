"""A damaged cache is built again from the sources."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from fmnist.data import load_dataset
from tests.support.archives import (
    assert_same_arrays,
    build_arrays,
    find_entry,
)

ARRAYS = build_arrays()


def rewrite_entry(folder: Path, name: str, array: np.ndarray) -> None:
    """Put another array into an entry, of whatever size, and record its size."""
    np.save(folder / f"{name}.npy", array)
    record = json.loads((folder / "meta.json").read_text())
    record["sizes"][name] = (folder / f"{name}.npy").stat().st_size
    (folder / "meta.json").write_text(json.dumps(record))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda f: (f / "meta.json").unlink(), id="no metadata"),
        pytest.param(lambda f: (f / "meta.json").write_text("{"), id="half metadata"),
        pytest.param(lambda f: (f / "meta.json").write_text("[]"), id="other metadata"),
        pytest.param(lambda f: (f / "x_train.npy").unlink(), id="no array"),
        pytest.param(lambda f: os.truncate(f / "x_train.npy", 500), id="half array"),
        pytest.param(lambda f: (f / "y_test.npy").write_bytes(b""), id="empty array"),
        pytest.param(
            lambda f: (f / "x_test.npy").write_bytes(b"\0" * (f / "x_test.npy").stat().st_size),
            id="array of zeros",
        ),
    ],
)
def test_a_damaged_entry_is_built_again(idx_archive, tmp_path, damage):
    load_dataset()
    damage(find_entry(tmp_path))
    assert_same_arrays(load_dataset(), ARRAYS)
    assert_same_arrays(load_dataset(), ARRAYS)
    assert sorted(path.name for path in find_entry(tmp_path).iterdir()) == [
        "meta.json",
        *sorted(f"{name}.npy" for name in ARRAYS),
    ]


def test_an_older_format_is_built_again(idx_archive, tmp_path):
    load_dataset()
    path = find_entry(tmp_path) / "meta.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 0}))
    assert_same_arrays(load_dataset(), ARRAYS)
    assert json.loads(path.read_text())["format"] == 1


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("x_train", np.zeros((12, 28, 28), np.float32)),
        ("x_train", np.zeros((12, 784), np.uint8)),
        ("x_train", np.zeros((11, 28, 28), np.uint8)),
        ("y_test", np.full(5, 10, np.uint8)),
        ("y_test", np.zeros((5, 1), np.uint8)),
        ("y_train", np.zeros(0, np.uint8)),
        ("y_train", np.uint8(3)),
    ],
)
def test_an_entry_of_other_arrays_is_built_again(idx_archive, tmp_path, name, array):
    load_dataset()
    rewrite_entry(find_entry(tmp_path), name, array)
    assert_same_arrays(load_dataset(), ARRAYS)


@pytest.mark.parametrize("shape", [b"(9999999, 28, 28), }", b"(12, 28, 28", b"('a', 28), }"])
def test_an_array_with_a_damaged_header_is_built_again(idx_archive, tmp_path, shape):
    load_dataset()
    path = find_entry(tmp_path) / "x_train.npy"
    content = path.read_bytes()
    start = content.index(b"(12, 28, 28)")
    path.write_bytes(content[:start] + shape.ljust(20) + content[start + 20 :])
    assert_same_arrays(load_dataset(), ARRAYS)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{" + b" " * 100_000 + b"}", b"\xff"])
def test_a_damaged_record_is_written_again(idx_archive, tmp_path, content):
    load_dataset()
    (find_entry(tmp_path) / "meta.json").write_bytes(content)
    assert_same_arrays(load_dataset(), ARRAYS)


@pytest.mark.parametrize("key", ["../../elsewhere", "x" * 64, "0" * 100_000])
def test_a_link_that_is_no_key_is_written_again(idx_archive, tmp_path, key):
    load_dataset()
    (link,) = (tmp_path / "cache" / "links").iterdir()
    right = link.read_text()
    link.write_text(key)
    assert_same_arrays(load_dataset(), ARRAYS)
    assert link.read_text() == right


def test_a_pipe_in_the_cache_is_not_waited_for(idx_archive, tmp_path):
    load_dataset()
    path = find_entry(tmp_path) / "y_test.npy"
    path.unlink()
    os.mkfifo(path)
    assert_same_arrays(load_dataset(), ARRAYS)
