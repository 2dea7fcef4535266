"""``python -m fmnist data``: what was found, and the data set as CSV files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fmnist.__main__ import main
from fmnist.data import load_dataset
from tests.support.archives import assert_same_arrays


def test_data_describes_what_was_found(isolated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data"]) == 0
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert "600" in captured.out.replace(",", "")
    assert found
    assert captured.err == ""  # nobody watches


def test_progress_goes_to_a_terminal_on_standard_error(
    isolated: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["data"]) == 0
    captured = capsys.readouterr()
    assert "100%" in captured.err
    assert json.loads(captured.out)


def test_data_writes_csv_files_that_read_back_the_same(
    isolated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    dataset = load_dataset()
    arrays = {
        name: np.array(getattr(dataset, name))
        for name in ("x_train", "y_train", "x_test", "y_test")
    }
    target = tmp_path / "csv"
    assert main(["data", "--csv", str(target)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(target / "fashion-mnist_test.csv")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(target))
    assert_same_arrays(load_dataset(), arrays)


def test_data_reports_a_broken_archive(
    isolated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    (tmp_path / "fashion-mnist_train.csv").touch()
    monkeypatch.setenv("FMNIST_ARCHIVE", str(tmp_path))
    assert main(["data"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "error: " in captured.err
