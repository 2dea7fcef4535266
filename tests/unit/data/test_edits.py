from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist.data import Dataset, load_dataset
from fmnist.data.edits import (
    Edits,
    apply_edits,
    compute_digest,
    find_ignored,
    load_edits,
    save_edits,
)
from fmnist.errors import DataError

Y = np.array([0, 1, 2, 3, 4, 5, 6, 7], np.uint8)


def edit(excluded=(), relabelled=None, fingerprint: str = "f") -> Edits:
    return Edits(np.array(excluded, np.int64), dict(relabelled or {}), fingerprint)


def write(path: Path, **changes) -> Path:
    values = {
        "format": "fashion-mnist-edits", "version": 1, "fingerprint": "f", "excluded": [3, 1],
        "relabelled": [{"row": 5, "label": 9}],
    }  # fmt: skip
    path.write_text(json.dumps(values | changes))
    return path


@pytest.fixture
def dataset(isolated: Path) -> Dataset:
    return load_dataset()


def test_file_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "edits.json"
    save_edits(path, edit([7, 2], {5: 9, 0: 1}, "abc"))
    edits = load_edits(path)
    np.testing.assert_array_equal(edits.excluded, [2, 7])
    assert edits.excluded.dtype == np.int64
    assert edits.relabelled == {0: 1, 5: 9}
    assert edits.fingerprint == "abc"
    np.testing.assert_array_equal(edits.rows, [0, 2, 5, 7])


def test_edits_may_be_few(tmp_path: Path) -> None:
    path = tmp_path / "edits.json"
    path.write_text('{"format": "fashion-mnist-edits", "version": 1, "fingerprint": "f"}')
    edits = load_edits(path)
    assert edits.rows.shape == (0,)
    y, rows = apply_edits(Y, np.arange(8), edits)
    np.testing.assert_array_equal(y, Y)
    np.testing.assert_array_equal(rows, np.arange(8))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "csv"}, "is not an edits file"),
        ({"version": 2}, "version 2"),
        ({"fingerprint": ""}, "names no training set"),
        ({"fingerprint": 7}, "names no training set"),
        ({"excluded": 3}, '"excluded" is 3'),
        ({"excluded": [-1]}, "-1 is not a row"),
        ({"excluded": ["3"]}, "'3' is not a row"),
        ({"excluded": [True]}, "True is not a row"),
        ({"excluded": [2.0]}, "2.0 is not a row"),
        ({"excluded": [10**30]}, "is not a row"),
        ({"excluded": [3, 3]}, "row 3 occurs twice"),
        ({"excluded": [5]}, "row 5 occurs twice"),
        ({"relabelled": {"5": 9}}, '"relabelled" is'),
        ({"relabelled": [[5, 9]]}, "is not a relabelled row"),
        ({"relabelled": [{"row": 5}]}, "is not a relabelled row"),
        ({"relabelled": [{"row": 5, "label": 10}]}, "row 5 is given the unknown label 10"),
        ({"relabelled": [{"row": 5, "label": -1}]}, "unknown label -1"),
        ({"relabelled": [{"row": 5, "label": "Bag"}]}, "unknown label 'Bag'"),
        ({"relabelled": [{"row": 5, "label": 1}] * 2}, "row 5 occurs twice"),
        ({"exclude": []}, "unknown entry 'exclude'"),
    ],
)
def test_wrong_value_is_named_with_its_file(tmp_path: Path, changes: dict, words: str) -> None:
    path = write(tmp_path / "edits.json", **changes)
    with pytest.raises(DataError) as caught:
        load_edits(path)
    assert str(caught.value).startswith((f"{path}:", f"{path} "))
    assert words in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "\0", "[" * 100_000, "[]", "3", "\xff"])
def test_file_that_is_no_json_object_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "edits.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DataError, match=r"edits\.json"):
        load_edits(path)


def test_missing_file_folder_and_unwritable_place_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        load_edits(tmp_path / "none.json")
    with pytest.raises(DataError, match="can't be read"):
        load_edits(tmp_path)
    with pytest.raises(DataError, match="can't be written"):
        save_edits(tmp_path / "none" / "edits.json", edit())


def test_file_of_other_data_is_told(tmp_path: Path, dataset: Dataset) -> None:
    path = write(tmp_path / "edits.json", fingerprint="f" * 64)
    with pytest.raises(DataError, match="made for another training set"):
        load_edits(path, dataset)


def test_rows_are_checked_against_the_data(tmp_path: Path, dataset: Dataset) -> None:
    path, fingerprint = tmp_path / "edits.json", dataset.fingerprints["train"]
    last = len(dataset.y_train) - 1
    write(path, fingerprint=fingerprint, excluded=[last])
    assert last in load_edits(path, dataset).excluded
    write(path, fingerprint=fingerprint, excluded=[last + 1])
    with pytest.raises(DataError, match=f"row {last + 1} is out of range"):
        load_edits(path, dataset)
    write(path, fingerprint=fingerprint, relabelled=[{"row": last + 2, "label": 1}])
    with pytest.raises(DataError, match=f"row {last + 2:d} is out of range"):
        load_edits(path, dataset)


def test_only_rows_to_train_on_are_edited() -> None:
    train_rows, val_rows = np.array([0, 1, 2, 3]), np.array([4, 5, 6, 7])
    edits = edit([1, 6], {2: 9, 5: 9})
    before = Y.copy()
    before.flags.writeable = False
    y, rows = apply_edits(before, train_rows, edits)
    np.testing.assert_array_equal(rows, [0, 2, 3])
    np.testing.assert_array_equal(y, [0, 1, 9, 3, 4, 5, 6, 7])
    assert y.dtype == np.uint8
    np.testing.assert_array_equal(find_ignored(edits, val_rows), [5, 6])
    assert rows.dtype == find_ignored(edits, val_rows).dtype == np.int64


def test_edits_that_leave_nothing_are_told() -> None:
    with pytest.raises(DataError, match="all 3 rows"):
        apply_edits(Y, np.array([1, 2, 3]), edit([1, 2, 3, 4]))


@given(
    st.lists(st.integers(0, 199), unique=True, max_size=40),
    st.integers(0, 40),
    st.sets(st.integers(0, 199), min_size=50),
)
def test_edited_labels_and_rows_are_what_was_asked_for(
    named: list[int], n_excluded: int, trained: set[int]
) -> None:
    y_train = (np.arange(200) % 10).astype(np.uint8)
    excluded, changed = named[:n_excluded], named[n_excluded:]
    rows = np.array(sorted(trained))
    y, kept = apply_edits(y_train, rows, edit(excluded, dict.fromkeys(changed, 3)))
    assert set(kept.tolist()) == trained - set(excluded)
    touched = set(np.flatnonzero(y != y_train).tolist())
    assert touched <= set(changed) & trained
    assert (y[sorted(set(changed) & trained)] == 3).all()


def test_digest_tells_contents_apart_and_layout_not(tmp_path: Path) -> None:
    path = write(tmp_path / "edits.json")
    first = compute_digest(load_edits(path))
    path.write_text(json.dumps(json.loads(path.read_text()), indent=7))
    assert compute_digest(load_edits(path)) == first
    write(path, excluded=[1, 3])
    assert compute_digest(load_edits(path)) == first
    others = [{"excluded": [1]}, {"relabelled": []}, {"fingerprint": "g"}]
    digests = {compute_digest(load_edits(write(path, **change))) for change in others}
    assert len(digests | {first}) == 4
