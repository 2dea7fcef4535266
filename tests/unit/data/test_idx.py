"""Reading the IDX files, and the order in which sources are taken."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

from fmnist.data import load_dataset
from fmnist.errors import DataError
from tests.support.archives import (
    REAL_ARCHIVE,
    assert_same_arrays,
    build_arrays,
    idx_bytes,
    needs_real_data,
    use_folders,
    write_csvs,
    write_idx,
)

ARRAYS = build_arrays()
IMAGES = "train-images-idx3-ubyte"
LABELS = "train-labels-idx1-ubyte"


@pytest.mark.parametrize("packed", [True, False])
def test_four_files(archive, packed):
    write_idx(archive, ARRAYS, packed=packed)
    dataset = load_dataset()
    assert_same_arrays(dataset, ARRAYS)
    assert dataset.source.kind == "idx"
    assert [file.rows for file in dataset.source.files] == [12, 12, 5, 5]
    assert str(archive) in dataset.source.label


def test_csv_comes_before_idx(archive):
    write_idx(archive, build_arrays(seed=1))
    write_csvs(archive, ARRAYS)
    assert load_dataset().source.kind == "csv"


def test_csv_and_idx_have_the_same_fingerprints(archive):
    write_idx(archive, ARRAYS)
    from_idx = load_dataset()
    write_csvs(archive, ARRAYS)
    from_csv = load_dataset()
    assert from_csv.fingerprints == from_idx.fingerprints
    assert len(set(from_csv.fingerprints.values())) == 2


def broken(name: str, content: bytes, *words: str):
    return pytest.param(name, content, words, id=" ".join(words)[:40])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        broken(IMAGES, b"", "only 0 bytes"),
        broken(IMAGES, idx_bytes(ARRAYS["y_train"]), "magic number 2049, not 2051"),
        broken(LABELS, idx_bytes(ARRAYS["x_train"]), "magic number 2051, not 2049"),
        broken(
            IMAGES, idx_bytes(ARRAYS["x_train"])[:-1], "truncated", "12 items", "9,408", "9,407"
        ),
        broken(IMAGES, idx_bytes(ARRAYS["x_train"]) + b"1", "too long", "9,408"),
        broken(IMAGES, idx_bytes(np.zeros((2, 32, 30), np.uint8)), "32×30", "not 28×28"),
        broken(IMAGES, idx_bytes(np.zeros((0, 28, 28), np.uint8)), "no items"),
        broken(
            IMAGES,
            struct.pack(">4I", 2051, 2**31, 28, 28),
            "promises 2,147,483,648 items",
            "100,000",
        ),
        broken(LABELS, idx_bytes(np.array([1, 2, 10], np.uint8)), "item 3", "label 10", "0–9"),
        broken(LABELS, idx_bytes(ARRAYS["y_train"][:-2]), "12 images", "10 labels"),
    ],
)
@pytest.mark.parametrize("packed", [True, False])
def test_broken_files_are_named(archive, name, content, words, packed):
    write_idx(archive, ARRAYS, packed=packed)
    if packed:
        (archive / f"{name}.gz").write_bytes(gzip.compress(content))
    else:
        (archive / name).write_bytes(content)
    with pytest.raises(DataError) as caught:
        load_dataset()
    for word in [name, *words]:
        assert word in str(caught.value)
    remedy = str(caught.value).split(". ")[-1]
    assert remedy.startswith(("Download the file", "Put the file", "Put that file", "Take both"))


def test_truncated_gzip(archive):
    path = write_idx(archive, ARRAYS)[0]
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(DataError, match=rf"{IMAGES}\.gz is truncated or damaged"):
        load_dataset()


def test_not_a_gzip(archive):
    path = write_idx(archive, ARRAYS)[0]
    path.write_bytes(b"<html>Not found</html>")
    with pytest.raises(DataError, match=rf"{IMAGES}\.gz is a web page"):
        load_dataset()


def test_a_missing_file_is_named(archive):
    write_idx(archive, ARRAYS)[3].unlink()
    with pytest.raises(DataError, match=r"but not t10k-labels-idx1-ubyte: all 4 are needed"):
        load_dataset()


def test_the_archive_may_be_a_file(archive, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"file.* can't be listed .*FMNIST_ARCHIVE"):
        load_dataset()


@pytest.mark.real_data
@needs_real_data
def test_real_set(monkeypatch, tmp_path):
    use_folders(monkeypatch, tmp_path)
    monkeypatch.setenv("FMNIST_ARCHIVE", str(REAL_ARCHIVE))
    dataset = load_dataset()
    assert dataset.x_train.shape == (60_000, 28, 28)
    assert dataset.x_test.shape == (10_000, 28, 28)
    assert np.bincount(dataset.y_train).tolist() == [6_000] * 10
    assert dataset.source.notes == ()
