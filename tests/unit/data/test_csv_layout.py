"""Layouts in which the data set is published, and what is said about others."""

from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.classes import CLASS_NAMES
from fmnist.data import load_dataset
from fmnist.data.csv_layout import MAX_LINE_BYTES, find_layout
from fmnist.data.csv_write import write_csv
from fmnist.errors import DataError
from tests.support.archives import assert_same_arrays, build_arrays, csv_cells

ARRAYS = build_arrays()
NAMES = {"train": "fashion-mnist_train.csv", "test": "fashion-mnist_test.csv"}
PIXELS_FROM_0 = [f"pixel{number}" for number in range(784)]
PLACES = [f"{row}x{column}" for row in range(1, 29) for column in range(1, 29)]


def write(archive: Path, change, separator: str = ",", end: str = "\n") -> None:
    for split, name in NAMES.items():
        cells = change(csv_cells(ARRAYS, split))
        text = "".join(separator.join(row) + end for row in cells)
        (archive / name).write_text(text, "utf-8", newline="")


def keep(cells):
    return cells


def put_label_last(cells):
    return [[*row[1:], row[0].replace("label", "class")] for row in cells]


def name_pixels(names):
    return lambda cells: [["label", *names], *cells[1:]]


def add_index(name):
    return lambda cells: [
        [name if number == 0 else str(number * 300), *row] for number, row in enumerate(cells)
    ]


def write_decimals(mark):
    return lambda cells: [cells[0], *([f"{cell}{mark}0" for cell in row] for row in cells[1:])]


def write_class_names(cells):
    return [cells[0], *([CLASS_NAMES[int(row[0])], *row[1:]] for row in cells[1:])]


def quote(cells):
    return [[f'"{cell}"' for cell in row] for row in cells]


def quote_labels(cells):
    return [cells[0], *([f"'{row[0]}'", *row[1:]] for row in cells[1:])]


def drop_header(cells):
    return cells[1:]


@pytest.mark.parametrize(
    ("change", "separator", "end"),
    [
        pytest.param(put_label_last, ",", "\n", id="class last (OpenML)"),
        pytest.param(name_pixels(PIXELS_FROM_0), ",", "\n", id="pixel0 (Digit Recognizer)"),
        pytest.param(name_pixels(PLACES), ",", "\n", id="28x28"),
        pytest.param(name_pixels([str(n) for n in range(784)]), ",", "\n", id="numbered pixels"),
        pytest.param(add_index(""), ",", "\n", id="unnamed index (pandas)"),
        pytest.param(add_index("Unnamed: 0"), ",", "\n", id="index saved twice"),
        pytest.param(add_index("id"), ",", "\n", id="id"),
        pytest.param(write_decimals("."), ",", "\n", id="decimals"),
        pytest.param(write_decimals(","), ";", "\n", id="decimal comma"),
        pytest.param(keep, ";", "\n", id="semicolon"),
        pytest.param(keep, "\t", "\n", id="tab"),
        pytest.param(keep, " ", "\n", id="space (numpy.savetxt)"),
        pytest.param(keep, ",", "\r", id="CR"),
        pytest.param(keep, ";", "\r\n", id="semicolon, CRLF"),
        pytest.param(write_class_names, ",", "\n", id="class names"),
        pytest.param(lambda c: put_label_last(write_class_names(c)), ";", "\n", id="both, last"),
        pytest.param(lambda c: quote(put_label_last(c)), ";", "\r\n", id="quoted"),
        pytest.param(lambda c: quote(write_class_names(c)), ",", "\n", id="quoted class names"),
        pytest.param(quote_labels, ",", "\n", id="labels in single quotes"),
        pytest.param(lambda c: [["sep=;"], *c], ";", "\n", id="Excel's first line"),
    ],
)
def test_published_layouts(archive, change, separator, end):
    write(archive, change, separator, end)
    dataset = load_dataset()
    assert_same_arrays(dataset, ARRAYS)
    first_line = 3 if change(csv_cells(ARRAYS))[0] == ["sep=;"] else 2
    assert [file.first_line for file in dataset.source.files] == [first_line] * 2


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(drop_header, id="label first"),
        pytest.param(lambda cells: put_label_last(cells)[1:], id="label last"),
        pytest.param(lambda cells: write_class_names(cells)[1:], id="class names"),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte-order mark"])
def test_without_a_header_the_images_begin_in_line_1(archive, change, mark):
    write(archive, lambda cells: change([[cells[0][0]], *cells[1:]]))
    for name in NAMES.values():
        (archive / name).write_text(mark + (archive / name).read_text())
    dataset = load_dataset()
    assert_same_arrays(dataset, ARRAYS)
    assert dataset.source.describe_row("train", 3) == f"3 of {NAMES['train']} (line 3)"


def test_without_a_header_corner_pixels_are_not_taken_for_labels(archive):
    """The corners of nearly all images are 0, which is also a label."""
    arrays = build_arrays()
    arrays["x_train"][:, 0, 0] = arrays["x_train"][:, 27, 27] = 0
    lines = [",".join([*row[1:], row[0]]) for row in csv_cells(arrays)[1:]]
    layout = find_layout("x.csv", "\n".join(lines).encode())
    assert layout.order[0] == 784


@pytest.mark.parametrize(
    "header",
    [[str(number) for number in range(785)], [f"V{number}" for number in range(1, 786)]],
    ids=["pandas", "R"],
)
def test_a_header_that_only_counts_the_columns(archive, header):
    write(archive, lambda cells: [header, *cells[1:]])
    dataset = load_dataset()
    assert_same_arrays(dataset, ARRAYS)
    assert dataset.source.files[0].first_line == 2


def test_another_layout_written_back_is_the_standard_one(archive, tmp_path):
    write(archive, put_label_last, ";")
    paths = write_csv(load_dataset(), tmp_path / "out")
    rows = [line.split(",") for line in paths[0].read_text().splitlines()]
    assert rows == csv_cells(ARRAYS)


def add_column(cells):
    return [[*row, "brand" if number == 0 else "1"] for number, row in enumerate(cells)]


def drop_label(cells):
    return [row[1:] for row in cells]


def rename_label(cells):
    return [["garment", *cells[0][1:]], *cells[1:]]


def scale(cells):
    return [cells[0], *([row[0], *("0.5" for _ in row[1:])] for row in cells[1:])]


def repeat_label(cells):
    return [[*row, "class" if number == 0 else row[0]] for number, row in enumerate(cells)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (add_column, ["line 1", "786 columns, not 785", "remove 'brand'"]),
        (repeat_label, ["line 1", "786 columns, not 785", "remove 'class'"]),
        (drop_label, ["line 1", "no column is named 'label' or 'class'"]),
        (rename_label, ["no column is named 'label' or 'class'", "Rename 'garment'"]),
        (scale, ["line 2, column 'pixel1'", "0.5", "scaled to 0–1", "multiply them by 255"]),
        (lambda cells: drop_label(cells)[1:], ["line 1 has 784 cells and no column names"]),
        (lambda cells: [["a", "b"], ["1", "2"]], ["begins 'a,b'", "label,pixel1,…,pixel784"]),
    ],
)
def test_a_layout_that_is_not_read_is_named_exactly(archive, change, words):
    write(archive, change)
    with pytest.raises(DataError) as caught:
        load_dataset()
    for word in [NAMES["train"], *words]:
        assert word in str(caught.value)
    assert "ownload" not in str(caught.value)


def test_a_wrong_cell_is_named_by_the_columns_of_the_file(archive):
    def spoil(cells):
        cells[3][0] = "11"
        return [["sep=;"], *put_label_last(cells)]

    write(archive, spoil, ";")
    with pytest.raises(DataError, match=r"line 5, column 'class': 11 is outside 0–9"):
        load_dataset()


def test_endless_first_lines_are_refused_without_parsing():
    for head in (b"," * (MAX_LINE_BYTES + 1), b"1,2" * MAX_LINE_BYTES + b"\n"):
        with pytest.raises(DataError, match=r"line 1 is longer than"):
            find_layout("x.csv", head)


def test_a_header_of_many_columns_is_refused_without_parsing():
    with pytest.raises(DataError, match=r"line 1 has 20,001 columns, not 785"):
        find_layout("x.csv", b"," * 20_000 + b"\n1,2\n")
