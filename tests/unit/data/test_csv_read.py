"""What may stand in the CSV files, and what is refused with which words."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from fmnist.data import csv_read, load_dataset
from fmnist.errors import DataError
from tests.support.archives import (
    assert_same_arrays,
    build_arrays,
    csv_cells,
    csv_text,
    write_csvs,
    write_zip,
)

ARRAYS = build_arrays()
TRAIN, TEST = "fashion-mnist_train.csv", "fashion-mnist_test.csv"


def load_train_text(archive: Path, content: str | bytes):
    write_csvs(archive, ARRAYS)
    data = content.encode() if isinstance(content, str) else content
    (archive / TRAIN).write_bytes(data)
    return load_dataset()


def test_plain_files(archive):
    write_csvs(archive, ARRAYS)
    dataset = load_dataset()
    assert_same_arrays(dataset, ARRAYS)
    assert dataset.source.kind == "csv"
    assert [file.rows for file in dataset.source.files] == [12, 5]
    assert dataset.source.notes == (
        "train has 12 rows instead of 60,000",
        "test has 5 rows instead of 10,000",
    )


def test_gzipped_files(archive):
    for path in write_csvs(archive, ARRAYS):
        path.with_suffix(".csv.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    dataset = load_dataset()
    assert_same_arrays(dataset, ARRAYS)
    assert dataset.source.files[0].name == f"{TRAIN}.gz"


def test_one_zip_with_both_files_in_a_folder(archive):
    members = {f"data/{p.name}": p.read_bytes() for p in write_csvs(archive, ARRAYS)}
    for name in (TRAIN, TEST):
        (archive / name).unlink()
    write_zip(archive / "archive.zip", {"readme.txt": b"hello", **members})
    dataset = load_dataset()
    assert_same_arrays(dataset, ARRAYS)
    assert dataset.source.files[1].name == f"archive.zip (data/{TEST})"


def test_a_zip_for_one_file_beside_a_plain_one(archive):
    train, _ = write_csvs(archive, ARRAYS)
    write_zip(archive / f"{TRAIN}.zip", {TRAIN: train.read_bytes()})
    train.unlink()
    assert_same_arrays(load_dataset(), ARRAYS)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="windows line ends"),
        pytest.param(lambda text: text[:-1], id="no newline at the end"),
        pytest.param(lambda text: text + "\n\r\n\n", id="blank lines at the end"),
        pytest.param(lambda text: "\ufeff" + text, id="byte-order mark"),
        pytest.param(lambda text: text.replace("label", '"label"', 1), id="quoted header"),
        pytest.param(lambda text: text.replace(",", " ,", 900), id="spaces"),
    ],
)
def test_harmless_differences(archive, spoil):
    assert_same_arrays(load_train_text(archive, spoil(csv_text(csv_cells(ARRAYS)))), ARRAYS)


def test_quoted_cells(archive):
    cells = [[f'"{cell}"' for cell in row] for row in csv_cells(ARRAYS)]
    assert_same_arrays(load_train_text(archive, csv_text(cells)), ARRAYS)


def test_columns_in_another_order(archive):
    order = np.random.default_rng(1).permutation(785)
    cells = [[row[i] for i in order] for row in csv_cells(ARRAYS)]
    assert_same_arrays(load_train_text(archive, csv_text(cells)), ARRAYS)


def test_many_blocks(archive, monkeypatch):
    monkeypatch.setattr(csv_read, "_BLOCK_SIZE", 8_000)
    write_csvs(archive, ARRAYS)
    seen = []
    dataset = load_dataset(lambda doing, share: seen.append((doing, share)))
    assert_same_arrays(dataset, ARRAYS)
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("row", "column", "value", "words"),
    [
        (3, 5, "abc", ["line 4", "'pixel5'", "'abc'", "0–255"]),
        (1, 1, "256", ["line 2", "'pixel1'", "256", "outside 0–255"]),
        (12, 784, "-1", ["line 13", "'pixel784'", "-1", "outside 0–255"]),
        (2, 7, "1.5", ["line 3", "'pixel7'", "1.5", "not a whole number"]),
        (2, 7, "", ["line 3", "'pixel7'", "is empty"]),
        (2, 7, "nan", ["line 3", "'pixel7'", "nan"]),
        (2, 7, "inf", ["line 3", "'pixel7'", "inf"]),
        (2, 7, "9" * 40, ["line 3", "'pixel7'", "outside 0–255"]),
        (5, 0, "10", ["line 6", "'label'", "10", "outside 0–9"]),
        (5, 0, "-3", ["line 6", "'label'", "-3", "outside 0–9"]),
        (5, 0, "Jeans", ["line 6", "'label'", "'Jeans'", "0–9"]),
    ],
)
@pytest.mark.parametrize("block_size", [16 << 20, 8_000], ids=["one block", "many blocks"])
def test_a_wrong_cell_is_named(archive, monkeypatch, row, column, value, words, block_size):
    monkeypatch.setattr(csv_read, "_BLOCK_SIZE", block_size)
    cells = csv_cells(ARRAYS)
    cells[row][column] = value
    with pytest.raises(DataError) as caught:
        load_train_text(archive, csv_text(cells))
    for word in [TRAIN, *words]:
        assert word in str(caught.value)
    assert "ownload" not in str(caught.value)
    assert len(str(caught.value)) < 250


def drop_cell(cells):
    del cells[4][100]


def add_cell(cells):
    cells[4].append("7")


def drop_column(cells):
    for row in cells:
        del row[9]


def add_column(cells):
    for row in cells:
        row.append("brand" if row[0] == "label" else "1")


def repeat_column(cells):
    for row in cells:
        row.append(row[3])


def blank_line(cells):
    cells[4] = [""]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (drop_cell, ["line 5", "784 columns, not 785"]),
        (add_cell, ["line 5", "786 columns, not 785"]),
        (drop_column, ["line 1", "'pixel9' is missing"]),
        (add_column, ["line 1", "786 columns, not 785", "'brand'"]),
        (repeat_column, ["line 1", "786 columns, not 785", "'pixel3'"]),
        (blank_line, ["line 5", "is empty"]),
    ],
)
def test_a_wrong_table_is_named(archive, spoil, words):
    cells = csv_cells(ARRAYS)
    spoil(cells)
    with pytest.raises(DataError) as caught:
        load_train_text(archive, csv_text(cells))
    for word in [TRAIN, *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["is empty (0 bytes)"]),
        (b"\n", ["line 1", "label,pixel1"]),
        (csv_text(csv_cells(ARRAYS)[:1]).encode(), ["has a header but no rows"]),
        (csv_text(csv_cells(ARRAYS)[:1]).encode() + b"\n\n", ["has a header but no rows"]),
        (csv_text(csv_cells(ARRAYS)).encode("utf-16"), ["line 1", "UTF-8"]),
        (b"<!DOCTYPE html>\n<html>\n", ["is a web page"]),
        (b"Not found\n", ["line 1", "'Not found'", "label,pixel1"]),
        (csv_text(csv_cells(ARRAYS)).encode()[:9000] + b"\xff\xfe\n", ["line 2", "UTF-8"]),
        (csv_text(csv_cells(ARRAYS)).encode()[:9000] + b'"\n', ["line 2"]),
        (csv_text(csv_cells(ARRAYS)).encode()[:-100], ["line 13", "columns, not 785"]),
    ],
)
def test_a_file_that_is_no_table(archive, content, words):
    with pytest.raises(DataError) as caught:
        load_train_text(archive, content)
    for word in [TRAIN, *words]:
        assert word in str(caught.value)
