"""Whatever lines a CSV file has: the fast reader lets nothing through, and any bytes survive."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fmnist.data import csv_read, load_dataset, write_csv
from fmnist.data.csv_layout import Layout
from fmnist.data.csv_rows import parse_rows
from tests.support.archives import (
    REAL_ARCHIVE,
    assert_same_arrays,
    build_arrays,
    needs_real_data,
    use_folders,
)

THREE_COLUMNS = Layout(columns=("label", "pixel1", "pixel2"), order=(0, 1, 2))

CELLS = st.sampled_from(
    [
        "0",
        "9",
        "255",
        "256",
        "-1",
        "+3",
        "007",
        "1.5",
        "9.0",
        "x",
        "1e1",
        "Coat",
        "",
        " 7",
        "7 ",
        '"7"',
        '"',
    ]
)


ENDS = st.sampled_from([*["\n"] * 6, "\r\n", "\n\n", ",\n", "\r"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.lists(CELLS, min_size=3, max_size=3), ENDS), min_size=1, max_size=4))
@example([(["1", "2", "3"], "\n"), (["", "", ""], "\n"), (["1", "2", "3"], "\n")])
@example([([""], "\n"), (["1", "2", "3"], "\n")])
@example([(["", "", '"'], "\r")])
def test_the_fast_reader_lets_nothing_through(lines):
    """Whatever the fast reader makes of a block, the slow one makes the same of it."""
    block = "".join(",".join(cells) + end for cells, end in lines).encode()
    fast = csv_read._parse_block(block, THREE_COLUMNS)
    if fast is not None:
        np.testing.assert_array_equal(fast, parse_rows(block, THREE_COLUMNS, "x.csv", 2))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 255), st.integers(0, 255)),
        min_size=1,
        max_size=9,
    )
)
def test_any_bytes_survive(rows):
    block = "\n".join(",".join(map(str, row)) for row in rows).encode()
    np.testing.assert_array_equal(csv_read._parse_block(block, THREE_COLUMNS), rows)
    np.testing.assert_array_equal(parse_rows(block, THREE_COLUMNS, "x.csv", 2), rows)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([b"1,2\n", b"3\r\n", b"\n", b"4"]), max_size=9), st.integers(1, 9))
def test_blocks_are_whole_lines(lines, block_size):
    content = b"".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_read, "_BLOCK_SIZE", block_size)
        head, stream = content[:block_size], io.BytesIO(content[block_size:])
        blocks = list(csv_read._split_lines(head, stream, Layout(), "x.csv"))
    assert b"".join(blocks).rstrip(b"\r\n") == content.rstrip(b"\r\n")
    assert all(block.endswith(b"\n") for block in blocks[:-1])


@pytest.mark.real_data
@needs_real_data
@pytest.mark.parametrize("n", [1_000, pytest.param(60_000, marks=pytest.mark.slow)])
def test_real_set_survives_csv(monkeypatch, tmp_path, n):
    archive = use_folders(monkeypatch, tmp_path)
    monkeypatch.setenv("FMNIST_ARCHIVE", str(REAL_ARCHIVE))
    real = load_dataset()
    arrays = {name: getattr(real, name)[:n] for name in build_arrays()}
    write_csv(replace(real, **arrays), archive)
    monkeypatch.setenv("FMNIST_ARCHIVE", str(archive))
    again = load_dataset()
    assert again.source.kind == "csv"
    assert_same_arrays(again, arrays)
    assert (again.fingerprints == real.fingerprints) == (n == 60_000)
