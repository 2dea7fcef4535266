from __future__ import annotations

import json
import os
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
from tests.support.edits import write_edits

Y = np.array([0, 1, 2, 3, 4, 5, 6, 7], np.uint8)


def edit(excluded=(), relabelled=None, fingerprint: str = "f") -> Edits:
    return Edits(np.array(excluded, np.int64), dict(relabelled or {}), fingerprint)


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
        ({"version": 2}, "has another version"),
        ({"fingerprint": ""}, "names no training set"),
        ({"fingerprint": 7}, "names no training set"),
        ({"excluded": 3}, '"excluded" is not a list'),
        ({"excluded": [-1]}, '"excluded", entry 1 is not a row'),
        ({"excluded": [1, "3"]}, '"excluded", entry 2 is not a row'),
        ({"excluded": [True]}, "entry 1 is not a row"),
        ({"excluded": [2.0]}, "entry 1 is not a row"),
        ({"excluded": [10**30]}, "is not a row"),
        ({"excluded": [3, 3]}, "row 3 occurs twice"),
        ({"excluded": [5]}, "row 5 occurs twice"),
        ({"relabelled": {"5": 9}}, '"relabelled" is not a list'),
        ({"relabelled": [[5, 9]]}, "is not a relabelled row"),
        ({"relabelled": [{"row": 5}]}, "is not a relabelled row"),
        ({"relabelled": [{"row": 5, "label": 10}]}, "row 5 is given an unknown label"),
        ({"relabelled": [{"row": 5, "label": -1}]}, "unknown label"),
        ({"relabelled": [{"row": 5, "label": "Bag"}]}, "unknown label"),
        ({"relabelled": [{"row": 5, "label": 1}] * 2}, "row 5 occurs twice"),
        ({"exclude": []}, "unknown entry"),
    ],
)
def test_wrong_value_is_named_with_its_file(tmp_path: Path, changes: dict, words: str) -> None:
    path = write_edits(tmp_path / "edits.json", **changes)
    with pytest.raises(DataError) as caught:
        load_edits(path)
    assert str(caught.value).startswith((f"{path}:", f"{path} "))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "s3cret"}, {"s3cret": 1}, {"excluded": "s3cret"}, {"excluded": ["s3cret"]},
        {"relabelled": "s3cret"}, {"relabelled": ["s3cret"]}, {"format": "s3cret"},
        {"relabelled": [{"row": "s3cret", "label": 1}]},
        {"relabelled": [{"row": 1, "label": "s3cret"}]}, {"relabelled": [{"s3cret": 1}]},
    ],
)  # fmt: skip
def test_content_is_not_shown(tmp_path: Path, changes: dict) -> None:
    with pytest.raises(DataError) as caught:
        load_edits(write_edits(tmp_path / "edits.json", **changes))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("kind", ["fifo", "device", "link", "large"])
def test_only_a_regular_file_of_limited_size_is_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "edits.json"
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "device":
            path = Path("/dev/zero")
        case "link":
            path.symlink_to(write_edits(tmp_path / "other.json"))
        case "large":
            write_edits(path)
            with path.open("ab") as file:
                file.truncate(5_000_000)
    with pytest.raises(DataError, match=r"can't be read.*regular file of at most 4 MB"):
        load_edits(path)


@pytest.mark.parametrize("text", ["", "{", "\0", "[" * 100_000, "[]", "3", "\xff"])
def test_file_that_is_not_a_json_object_is_reported(tmp_path: Path, text: str) -> None:
    path = tmp_path / "edits.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(DataError, match=r"edits\.json"):
        load_edits(path)


def test_missing_file_folder_and_unwritable_place_are_reported(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        load_edits(tmp_path / "none.json")
    with pytest.raises(DataError, match="can't be read"):
        load_edits(tmp_path)
    with pytest.raises(DataError, match="can't be written"):
        save_edits(tmp_path / "none" / "edits.json", edit())


def test_file_of_other_data_is_reported(tmp_path: Path, dataset: Dataset) -> None:
    path = write_edits(tmp_path / "edits.json", fingerprint="f" * 64)
    with pytest.raises(DataError, match="made for another training set"):
        load_edits(path, dataset)


def test_rows_are_checked_against_the_data(tmp_path: Path, dataset: Dataset) -> None:
    path, fingerprint = tmp_path / "edits.json", dataset.fingerprints["train"]
    last = len(dataset.y_train) - 1
    write_edits(path, fingerprint=fingerprint, excluded=[last])
    assert last in load_edits(path, dataset).excluded
    write_edits(path, fingerprint=fingerprint, excluded=[last + 1])
    with pytest.raises(DataError, match=f"row {last + 1} is out of range"):
        load_edits(path, dataset)
    write_edits(path, fingerprint=fingerprint, relabelled=[{"row": last + 2, "label": 1}])
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


def test_edits_that_leave_nothing_are_reported() -> None:
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


def test_digest_depends_on_content_and_not_on_layout(tmp_path: Path) -> None:
    path = write_edits(tmp_path / "edits.json")
    first = compute_digest(load_edits(path))
    path.write_text(json.dumps(json.loads(path.read_text()), indent=7))
    assert compute_digest(load_edits(path)) == first
    write_edits(path, excluded=[1, 3])
    assert compute_digest(load_edits(path)) == first
    others = [{"excluded": [1]}, {"relabelled": []}, {"fingerprint": "g"}]
    digests = {compute_digest(load_edits(write_edits(path, **change))) for change in others}
    assert len(digests | {first}) == 4
