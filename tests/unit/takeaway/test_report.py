from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from fmnist.__main__ import main
from fmnist.errors import RunError
from fmnist.explain.robustness import N_ITEMS, find_kept_path
from fmnist.images.corruptions import CORRUPTIONS
from fmnist.runs import (
    Decision,
    Notes,
    Recipe,
    Run,
    create_run,
    open_run,
    save_decision,
    save_notes,
)
from fmnist.runs.files import write_json
from fmnist.takeaway.card import load_card
from fmnist.takeaway.report import build_report
from tests.support.runs import build_predictions, make_run
from tests.support.runs import build_report as build_record

OPTIONAL = ("Robustness", "Decision", "Learning curves")
HOSTILE = '<img src=x onerror="alert(1)">'


class Page(HTMLParser):
    """The elements of a page, what they load, and their text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loaded: list[str] = []
        self.headings: list[str] = []
        self.text = ""
        self._tag = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag = tag
        self.tags.add(tag)
        self.loaded += [value or "" for name, value in attrs if name in {"src", "href", "srcset"}]

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._tag in {"h1", "h2", "h3"} and data.strip():
            self.headings.append(data.strip())


def make_poor_run(run_id: str = "poor") -> Run:
    """Return a finished run that kept nothing but what a run must have."""
    run = create_run(Recipe("cnn", validation_share=0.0), run_id=run_id)
    empty = build_predictions()
    replace(
        empty, val_index=empty.val_index[:0], val_true=empty.val_true[:0],
        val_proba=empty.val_proba[:0],
    ).save(run.path / "predictions.npz")  # fmt: skip
    record = replace(build_record("cnn"), validation=None, n_validation=0)
    write_json(run.report_path, record.to_dict())
    return run


def make_rich_run() -> Run:
    """Return a finished run with everything that a report may hold."""
    run = make_run("finished", "rich", "cnn")
    (run.path / "model.keras").write_bytes(b"weights")
    kept = find_kept_path(run, "f-test", N_ITEMS)
    kept.parent.mkdir(parents=True, exist_ok=True)
    accuracy = {name: [0.9, 0.8, 0.7, 0.6, 0.5] for name in CORRUPTIONS}
    write_json(kept, {"n_items": 20, "clean": 0.95, "accuracy": accuracy})
    save_decision(run, Decision(("other",), ("It is small.",), (), "It fits the phone."))
    save_notes(run, Notes("For the shop", ("phone",)))
    return run


def test_report_of_a_run_with_everything(isolated: Path) -> None:
    page = Page(build_report([make_rich_run()]))
    for text in (
        "Model card: rich", "95.00%", "It fits the phone.", "It is small.", "For the shop",
        "70.0%", "A temperature of", "f-test", "python -m fmnist train", "MIT licence",
    ):  # fmt: skip
        assert text in page.text or text in page.headings, text
    assert set(OPTIONAL) <= set(page.headings)
    assert "figure" in page.tags
    assert page.loaded == []
    assert not {"script", "img", "link", "iframe"} & page.tags


def test_report_without_what_was_never_computed(isolated: Path) -> None:
    page = Page(build_report([make_poor_run()]))
    assert not set(OPTIONAL) & set(page.headings)
    assert "this run trained on all images" in page.text
    assert "nan" not in page.text.lower().replace("finance", "")


def test_names_and_texts_from_outside_are_text(isolated: Path) -> None:
    run = make_run("finished", "mine", "cnn")
    save_notes(run, Notes(HOSTILE, ("<b>",)))
    save_decision(run, Decision((HOSTILE,), (HOSTILE,), (HOSTILE,), HOSTILE, HOSTILE))
    values = json.loads(run.report_path.read_text())
    values |= {"command": HOSTILE, "versions": {HOSTILE: HOSTILE}, "git_commit": HOSTILE}
    values["data"] |= {"kind": HOSTILE, "train": HOSTILE}
    values["hardware"]["processor"] = HOSTILE
    write_json(run.report_path, values)
    page = Page(build_report([run, make_poor_run()]))
    assert "img" not in page.tags
    page = Page(build_report([run]))
    assert not {"img", "b"} & page.tags
    assert page.text.count(HOSTILE) >= 10


def test_hash_is_what_the_printed_command_gives(isolated: Path) -> None:
    run = make_rich_run()
    card = load_card(run)
    lines = "".join(
        f"{hashlib.sha256((run.path / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("model.keras", "predictions.npz", "recipe.json", "report.json")
    )
    assert card.hash == hashlib.sha256(lines.encode()).hexdigest()
    assert (
        "sha256sum model.keras predictions.npz recipe.json report.json | sha256sum"
        in Page(build_report([run])).text
    )
    save_notes(run, Notes("another note"))
    assert load_card(run).hash == card.hash
    (run.path / "model.keras").write_bytes(b"other weights")
    assert load_card(run).hash != card.hash


def test_comparison_of_two_and_of_three_runs(isolated: Path) -> None:
    runs = [make_run("finished", name, "cnn") for name in ("one", "two", "three")]
    two = Page(build_report(runs[:2]))
    assert two.headings[0] == "Comparison of 2 runs"
    assert "may be chance" in two.text
    three = Page(build_report(runs))
    assert "adjusted for 3 pairs" in three.text
    assert {"one", "two", "three"} <= set(three.headings)


def test_what_no_report_can_hold_is_refused(isolated: Path) -> None:
    run, other = make_run("finished", "mine"), make_run("running", "other")
    with pytest.raises(RunError, match="with itself"):
        build_report([run, run])
    with pytest.raises(RunError, match="no stored predictions"):
        build_report([other])
    with pytest.raises(RunError, match="from 1 to 4 runs"):
        build_report([run] * 5)


def test_command_writes_the_file_and_says_how_large(
    isolated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_run("finished", "mine")
    path = tmp_path / "mine.html"
    assert main(["report", "mine", "-o", str(path)]) == 0
    assert capsys.readouterr().out.startswith(f"{path}: ")
    assert path.read_text("utf-8").startswith("<!doctype html>")
    assert main(["report", "mine", "-o", str(tmp_path / "none" / "mine.html")]) == 1
    assert "can't be written" in capsys.readouterr().err


@pytest.mark.slow
def test_report_of_a_shipped_run_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FMNIST_MODELS", raising=False)
    assert len(build_report([open_run("cnn")])) < 100_000
