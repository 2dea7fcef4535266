"""Arrays from an untrusted zip: nothing is unpacked before its size and type are known."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from fmnist.errors import RunError
from fmnist.runs import Predictions
from fmnist.runs.arrays import Array, load_arrays
from tests.support.runs import build_predictions

X = {"x": Array("float", ("n", 2), low=0, high=1)}


def write(path: Path, content: bytes, name: str = "x.npy") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return path


def build_header(shape: str, descr: str = "'<f8'") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def save(array: object) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (build_header("(1000000000000, 2)"), "can't be read"),
        (build_header("(10**9999, 2)"), "can't be read"),
        (build_header("(1, 2)", "'|O'"), "holds object"),
        (save(np.array([{}], dtype=object)), "holds object"),
        (save(np.zeros((3, 3))), r"shape \(3, 3\)"),
        (save(np.zeros((0,))), r"shape \(0,\)"),
        (save(np.full((1, 2), np.nan)), "NaN"),
        (save(np.full((1, 2), 1.5)), "values from 1.5 to 1.5"),
        (save(np.array([["a", "b"]])), "holds <U1"),
        (bytes(200_000_000), "unpacks to 200,000,000 bytes"),
        (b"", "can't be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # not two hundred million bytes
)
def test_what_is_no_such_array_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = write(tmp_path / "x.npz", content)
    with pytest.raises(RunError, match=reason):
        load_arrays(path, X, "Delete it")


def test_array_that_fits_is_read_and_others_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    np.savez(path, x=np.full((3, 2), 0.5), y=np.zeros(4))
    np.testing.assert_array_equal(load_arrays(path, X, "")["x"], np.full((3, 2), 0.5))


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("test_proba", np.full((20, 10), np.nan, np.float32), "NaN"),
        ("test_proba", np.full((20, 10), 0.3, np.float32), "aren't probabilities"),
        ("test_proba", np.full((20, 3), 0.3, np.float32), r"shape \(20, 3\)"),
        ("test_true", np.full(20, 11, np.uint8), "values from 11 to 11"),
        ("test_true", np.zeros(7, np.uint8), r"shape \(20, 10\)"),
        ("val_index", np.full(20, -1), "values from -1"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(
    tmp_path: Path, name: str, value: np.ndarray, reason: str
) -> None:
    path = tmp_path / "p.npz"
    build_predictions().save(path)
    with np.load(path) as arrays:
        values = dict(arrays)
    np.savez(path, **(values | {name: value}))
    with pytest.raises(RunError, match=rf"p\.npz can't be \w+: .*{reason}"):
        Predictions.load(path)
