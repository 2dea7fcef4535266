"""Small generated data sets and their files, for the tests of ``fmnist.data``."""

from __future__ import annotations

import gzip
import os
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from fmnist.data import download
from fmnist.data.csv_layout import COLUMN_NAMES
from fmnist.data.names import CSV_NAMES, IDX_NAMES
from fmnist.settings import PROJECT_DIR

Arrays = dict[str, np.ndarray]


def use_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Point archive and cache to ``tmp_path``, reset earlier downloads; return the archive."""
    archive = tmp_path / "archive"
    archive.mkdir()
    monkeypatch.setenv("FMNIST_ARCHIVE", str(archive))
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FMNIST_OFFLINE", "1")
    monkeypatch.setattr(download, "_last_failure", None)
    return archive


def find_entry(tmp_path: Path) -> Path:
    """Return the folder of the only entry in the cache of ``use_folders``."""
    (folder,) = (tmp_path / "cache" / "arrays").iterdir()
    return folder


def build_arrays(n_train: int = 12, n_test: int = 5, seed: int = 0) -> Arrays:
    """Return four arrays of noise with the names and types of a data set's."""
    rng = np.random.default_rng(seed)
    return {
        "x_train": rng.integers(0, 256, (n_train, 28, 28), np.uint8),
        "y_train": rng.integers(0, 10, n_train, np.uint8),
        "x_test": rng.integers(0, 256, (n_test, 28, 28), np.uint8),
        "y_test": rng.integers(0, 10, n_test, np.uint8),
    }


def idx_bytes(array: np.ndarray) -> bytes:
    """Return an array of bytes as the content of an IDX file."""
    return struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape) + array.tobytes()


def write_idx(folder: Path, arrays: Arrays, *, packed: bool = True) -> list[Path]:
    """Write the four IDX files, by default packed; return their paths."""
    paths = []
    for name, array in zip(IDX_NAMES, arrays.values(), strict=True):
        content = idx_bytes(array)
        path = folder / (f"{name}.gz" if packed else name)
        path.write_bytes(gzip.compress(content) if packed else content)
        paths.append(path)
    return paths


def csv_cells(arrays: Arrays, split: str = "train") -> list[list[str]]:
    """Return header and rows as text, for a test to corrupt and write with ``csv_text``."""
    table = np.column_stack([arrays[f"y_{split}"], arrays[f"x_{split}"].reshape(-1, 784)])
    return [list(COLUMN_NAMES), *(list(map(str, row)) for row in table.tolist())]


def csv_text(cells: list[list[str]], newline: str = "\n") -> str:
    """Join cells to the text of a CSV file."""
    return "".join(",".join(row) + newline for row in cells)


def write_csvs(folder: Path, arrays: Arrays) -> list[Path]:
    """Write the two CSV files and return their paths."""
    paths = [folder / name for name in CSV_NAMES]
    for path, split in zip(paths, ("train", "test"), strict=True):
        path.write_text(csv_text(csv_cells(arrays, split)), "utf-8")
    return paths


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    """Write a zip with these members, by name, and return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def assert_same_arrays(dataset: object, arrays: Arrays) -> None:
    """Assert that a data set holds exactly these arrays."""
    for name, array in arrays.items():
        np.testing.assert_array_equal(getattr(dataset, name), array, err_msg=name)


def find_real_archive() -> Path | None:
    """Return the folder with the real data set, or None if there is none."""
    for folder in (os.environ.get("FMNIST_ARCHIVE"), PROJECT_DIR / "archive"):
        if folder and (Path(folder) / f"{IDX_NAMES[0]}.gz").exists():
            return Path(folder)
        if folder and (Path(folder) / CSV_NAMES[0]).exists():
            return Path(folder)
    return None


REAL_ARCHIVE = find_real_archive()
"""Looked up on import: tests point ``FMNIST_ARCHIVE`` elsewhere."""

needs_real_data = pytest.mark.skipif(
    REAL_ARCHIVE is None, reason="the real data set is neither in FMNIST_ARCHIVE nor in archive/"
)
