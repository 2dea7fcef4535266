"""The CSV files as files: damaged, missing or closed to us, and written."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from fmnist.data import load_dataset, write_csv
from fmnist.errors import DataError
from tests.support.archives import build_arrays, write_csvs, write_zip

ARRAYS = build_arrays()
TRAIN, TEST = "fashion-mnist_train.csv", "fashion-mnist_test.csv"


def test_truncated_gzip(archive):
    train, _ = write_csvs(archive, ARRAYS)
    packed = gzip.compress(train.read_bytes())
    train.unlink()
    (archive / f"{TRAIN}.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(DataError, match=rf"{TRAIN}\.gz is truncated or damaged .*again"):
        load_dataset()


def test_broken_zip(archive):
    train, _ = write_csvs(archive, ARRAYS)
    train.unlink()
    (archive / "archive.zip").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(DataError, match=r"archive\.zip .*not a readable zip.*again"):
        load_dataset()


def test_zip_with_damaged_member(archive):
    train, _ = write_csvs(archive, ARRAYS)
    path = write_zip(archive / "archive.zip", {TRAIN: train.read_bytes()})
    train.unlink()
    content = bytearray(path.read_bytes())
    content[2000:2100] = bytes(100)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"archive\.zip \(fashion-mnist_train\.csv\)"):
        load_dataset()


@pytest.mark.parametrize(("gone", "left"), [(TRAIN, TEST), (TEST, TRAIN)])
def test_only_one_of_the_two(archive, gone, left):
    write_csvs(archive, ARRAYS)
    (archive / gone).unlink()
    with pytest.raises(DataError, match=rf"has {left} but not {gone}: all 2 are needed"):
        load_dataset()


def test_no_permission(archive, monkeypatch):
    write_csvs(archive, ARRAYS)
    opened = Path.open

    def refuse(path: Path, *args: object, **kwargs: object):
        if path.name == TRAIN:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match=rf"{TRAIN} can't be read \(Permission denied\)"):
        load_dataset()


def test_written_files_read_back_the_same(archive, tmp_path):
    write_csvs(archive, ARRAYS)
    dataset = load_dataset()
    seen = []
    paths = write_csv(dataset, tmp_path / "new" / "folder", lambda *step: seen.append(step))
    assert [path.name for path in paths] == [TRAIN, TEST]
    assert [path.read_text() for path in paths] == [
        (archive / name).read_text() for name in (TRAIN, TEST)
    ]
    assert seen[-1][1] == 1.0
    assert sorted(path.name for path in paths[0].parent.iterdir()) == [TEST, TRAIN]


def test_writing_into_a_file_is_refused(archive, tmp_path):
    write_csvs(archive, ARRAYS)
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match=r"file can't be written"):
        write_csv(load_dataset(), tmp_path / "file")
