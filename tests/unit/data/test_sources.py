"""Where the files of a set may lie, which are taken, and what is said about the others."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from fmnist.data import load_dataset
from fmnist.data.names import IDX_NAMES
from fmnist.errors import DataError
from tests.support.archives import (
    assert_same_arrays,
    build_arrays,
    csv_cells,
    csv_text,
    idx_bytes,
    use_folders,
    write_csvs,
    write_idx,
    write_zip,
)

ARRAYS = build_arrays()
OTHER = build_arrays(seed=9)
TRAIN, TEST = "fashion-mnist_train.csv", "fashion-mnist_test.csv"
CSV_TEXTS = {
    TRAIN: csv_text(csv_cells(ARRAYS)).encode(),
    TEST: csv_text(csv_cells(ARRAYS, "test")).encode(),
}
IDX_CONTENTS = {
    name: idx_bytes(array) for name, array in zip(IDX_NAMES, ARRAYS.values(), strict=True)
}


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("fmnist.data.load.build_demo", lambda progress: OTHER)
    return use_folders(monkeypatch, tmp_path)


def write(archive: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (archive / name).parent.mkdir(parents=True, exist_ok=True)
        (archive / name).write_bytes(content)


def load_notes(n_counts: int = 2) -> str:
    """Return the notes beyond those on the numbers of rows."""
    dataset = load_dataset()
    assert_same_arrays(dataset, ARRAYS)
    return " ".join(dataset.source.notes[n_counts:])


@pytest.mark.parametrize(
    "rename",
    [
        pytest.param(lambda name: name.replace("-idx", ".idx"), id="dotted"),
        pytest.param(lambda name: f"{name}.bin", id="bin"),
        pytest.param(lambda name: name.upper().replace("-", "_"), id="capitals, underscores"),
        pytest.param(lambda name: f"FashionMNIST/raw/{name}", id="torchvision"),
        pytest.param(lambda name: f"{name}/{name}", id="folders with the files' names"),
        pytest.param(lambda name: f"{name.split('-')[0]}/{name}", id="two folders"),
        pytest.param(lambda name: f"my data/{name} (1)", id="copies in a folder"),
    ],
)
def test_idx_files_elsewhere_and_under_other_names(archive, rename):
    write(archive, {rename(name): content for name, content in IDX_CONTENTS.items()})
    assert load_notes() == ""


def test_a_gz_that_is_already_unpacked(archive):
    write(archive, {f"{name}.gz": content for name, content in IDX_CONTENTS.items()})
    assert load_notes() == ""


@pytest.mark.parametrize("pack", [lambda b: b, gzip.compress], ids=["plain", "gzipped"])
def test_idx_files_in_a_zip(archive, pack):
    members = {f"raw/{name}.gz": pack(content) for name, content in IDX_CONTENTS.items()}
    write_zip(archive / "archive.zip", {"__MACOSX/raw/._x.gz": b"x", **members})
    assert load_notes() == ""
    assert load_dataset().source.kind == "idx"


def test_metadata_of_macos_beside_a_zip(archive):
    write(archive, {"._archive.zip": b"\0\5\x16\7"})
    write_zip(archive / "archive.zip", CSV_TEXTS)
    assert load_notes() == ""


def test_a_broken_zip_does_not_block_a_good_set(archive):
    write(archive, {"aaa.zip": b"not a zip", TRAIN: CSV_TEXTS[TRAIN]})
    write_zip(archive / "data.zip", {TEST: CSV_TEXTS[TEST]})
    assert "aaa.zip is not used: it is not a readable zip" in load_notes()


def test_torchvision_s_folder_of_the_digits_is_left_alone(archive):
    for folder, arrays in (("MNIST", OTHER), ("FashionMNIST", ARRAYS)):
        (archive / folder / "raw").mkdir(parents=True)
        write_idx(archive / folder / "raw", arrays)
    assert load_notes() == ""


def test_the_digits_alone_are_not_taken_for_garments(archive):
    (archive / "MNIST").mkdir()
    write_idx(archive / "MNIST", OTHER)
    with pytest.raises(DataError, match=r"its folder is that of another data set"):
        load_dataset()


def test_the_published_name_wins_over_a_copy(archive):
    write_csvs(archive, ARRAYS)
    write(archive, {"fashion-mnist_train (1).csv": b"older"})
    assert load_notes() == f"fashion-mnist_train (1).csv is not used: {TRAIN} is."


def test_the_set_nearest_to_the_top_wins(archive):
    (archive / "old").mkdir()
    write_csvs(archive / "old", OTHER)
    write_idx(archive, ARRAYS)
    assert load_notes() == ""


def test_a_lone_csv_file_beside_four_idx_files(archive):
    write_idx(archive, ARRAYS)
    write(archive, {TRAIN: CSV_TEXTS[TRAIN]})
    assert load_notes() == f"{TRAIN} is not used: {TEST} is missing."


def test_a_part_under_an_unknown_name_is_named_where_one_is_missing(archive):
    write(archive, {TRAIN: CSV_TEXTS[TRAIN], "test_v2.csv": CSV_TEXTS[TEST]})
    with pytest.raises(DataError) as caught:
        load_dataset()
    assert f"has {TRAIN} but not {TEST}: all 2 are needed" in str(caught.value)
    assert "test_v2.csv is not used: its name is unknown" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("fashion-mnist.tar.gz", b"", "unpack it"),
        ("fashion_mnist.npz", b"", "only CSV and IDX files"),
        ("mnist_train.csv", b"", "name it like fashion-mnist_train.csv"),
        ("test.csv", b"", "name it like fashion-mnist_test.csv"),
        ("archive.zip", b"PK\3\4 broken off", "not a readable zip"),
        ("sub/fashion-mnist_train.csv.part", b"", "an unfinished download"),
    ],
)
def test_a_near_miss_does_not_end_in_the_demo_set(archive, name, content, words):
    write(archive, {name: content})
    with pytest.raises(DataError) as caught:
        load_dataset()
    assert "has no complete data set" in str(caught.value)
    assert f"{name} is not used: " in str(caught.value)
    assert words in str(caught.value)
    assert "Put the two CSV files or the four IDX files" in str(caught.value)


def test_a_zip_in_a_zip(archive):
    write_zip(archive / "outer.zip", {"fashion-mnist.zip": b"PK"})
    with pytest.raises(DataError, match=r"outer\.zip \(fashion-mnist\.zip\) is not used: .*unpack"):
        load_dataset()


def test_a_zip_of_other_things(archive):
    write_zip(archive / "photos.zip", {"a.png": b"x"})
    with pytest.raises(DataError, match=r"photos\.zip is not used: it holds a\.png, not a file"):
        load_dataset()


def test_a_zip_that_points_before_its_start_is_damaged(archive):
    write_csvs(archive, ARRAYS)
    (archive / TRAIN).unlink()
    path = write_zip(archive / "a.zip", {TRAIN: CSV_TEXTS[TRAIN]})
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\1\2")
    content[-6:-2] = (entry + 5).to_bytes(4, "little")  # where the list of members begins
    path.write_bytes(content)
    with pytest.raises(DataError, match=rf"a\.zip \({TRAIN}\) is truncated or damaged"):
        load_dataset()


def test_a_zip_named_as_csv(archive):
    write_csvs(archive, ARRAYS)
    write_zip(archive / TRAIN, {TRAIN: CSV_TEXTS[TRAIN]})
    with pytest.raises(DataError, match=rf"{TRAIN} is a zip"):
        load_dataset()


def test_other_files_leave_the_demo_set_to_be_used(archive):
    write(archive, {"README.md": b"hello", "picture.png": b"x"})
    source = load_dataset().source
    assert source.is_demo
    assert "has no complete data set" in source.notes[0]


def test_hidden_folders_are_not_searched(archive):
    (archive / ".downloading-x").mkdir()
    write_idx(archive / ".downloading-x", ARRAYS)
    assert load_dataset().source.is_demo


def test_a_folder_that_cannot_be_listed(archive, monkeypatch):
    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(DataError, match=r"archive/ can't be listed \(Permission denied\)"):
        load_dataset()
