"""``python -m fmnist labels`` on a data set that was searched before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fmnist.__main__ import main
from fmnist.launching import launcher
from tests.support import evaluate_pages
from tests.support.label_issues import write_fold_runs, write_scores, write_search


@pytest.fixture(autouse=True)
def small(isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "small-archive"
    folder.mkdir()
    evaluate_pages.write_archive(folder)
    monkeypatch.setenv("FMNIST_ARCHIVE", str(folder))
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: None)


def test_issues_without_networks(capsys: pytest.CaptureFixture[str]) -> None:
    write_search()
    assert main(["labels", "--count", "1"]) == 0
    text = capsys.readouterr().out
    assert "Copies and leaks: train no. 1 (Trouser)." in text
    assert "Outliers: test no. 199" in text
    assert "need the check" in text


def test_issues_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    dataset = write_search()
    write_scores(dataset, write_fold_runs(dataset))
    assert main(["labels", "--json", "--count", "2"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert [issue["kind"] for issue in values["issues"]] == [
        *["Copies and leaks"] * 2, *["Doubtful labels"] * 2, *["Outliers"] * 2,
    ]  # fmt: skip
    assert (values["issues"][2]["row"], values["issues"][2]["suggestion"]) == (5, "Shirt")
    assert (values["folds"], values["training_seconds"]) == (5, 325.0)
    assert values["confused"] == [{"label": "Sandal", "predicted": "Shirt", "images": 1}]


def test_check_queues_five_networks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "check", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["queued"] == len(values["runs"]) == 5
