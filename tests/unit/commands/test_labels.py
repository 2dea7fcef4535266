"""``python -m fmnist labels`` on a data set that was searched before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fmnist.__main__ import main
from fmnist.data import load_dataset
from fmnist.labels.verdicts import load_verdicts
from fmnist.launching import launcher
from fmnist.runs import open_run
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


def test_verdicts_are_given_and_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "exclude", "train", "5", "--reason", "A leak."]) == 0
    assert "Exclude train no. 5 was recorded." in capsys.readouterr().out
    assert main(["labels", "relabel", "train", "7", "--label", "Bag", "--json"]) == 0
    given = json.loads(capsys.readouterr().out)["verdict"]
    assert (given["row"], given["label"], given["author"]) == (7, 8, "command line")
    assert main(["labels", "undo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["undone"]["row"] == 7
    (left,) = load_verdicts(load_dataset()).given
    assert (left.row, left.verdict, left.reason) == (5, "exclude", "A leak.")
    assert main(["labels", "undo"]) == main(["labels", "undo"]) == 0
    assert "no verdict of the command line" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["keep"], "Name the image: `python -m fmnist labels keep train 5`"),
        (["exclude", "train", "50"], "train has rows 0 to 49, not 50"),
        (["relabel", "train", "5"], "A relabelled image needs a new label"),
        (["train"], "No verdict changes the training set"),
    ],
)
def test_what_can_not_be_judged(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["labels", *given]) == 1
    assert said in capsys.readouterr().err


def test_training_with_and_without_the_edits(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "exclude", "train", "5"]) == 0
    capsys.readouterr()
    assert main(["labels", "train", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    without, with_edits = (open_run(values[key]) for key in ("without_edits", "with_edits"))
    assert (without.recipe.edits, values["rows"]) == ("", 1)
    assert with_edits.recipe.edits.endswith(".json")
    assert with_edits.owner == "command line"
