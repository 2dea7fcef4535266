from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from fmnist.data import Dataset
from fmnist.data.edits import load_edits
from fmnist.errors import RunError
from fmnist.labels.verdicts import (
    Verdict,
    add_verdict,
    build_edits,
    find_path,
    load_verdicts,
    name_pair,
    undo_verdict,
    write_edits,
)


def test_last_verdict_of_an_image_counts_and_the_set_stays(small: Dataset) -> None:
    before = small.y_train.tobytes()
    add_verdict(small, Verdict("train", 4, "exclude", author="a"))
    add_verdict(small, Verdict("train", 7, "relabel", 2, "A pullover.", "b"))
    add_verdict(small, Verdict("train", 4, "keep", author="b"))
    add_verdict(small, Verdict("train", 9, "exclude", author="a"))
    verdicts = load_verdicts(small)
    assert [(row, one.verdict) for (_, row), one in verdicts.latest.items()] == [
        (7, "relabel"), (4, "keep"), (9, "exclude"),
    ]  # fmt: skip
    edits = build_edits(verdicts)
    assert (edits.excluded.tolist(), edits.relabelled) == ([9], {7: 2})
    assert verdicts.given[1].created > "2026"
    assert small.y_train.tobytes() == before


def test_undo_takes_back_the_last_of_the_same_author(small: Dataset) -> None:
    add_verdict(small, Verdict("train", 4, "exclude", author="a"))
    add_verdict(small, Verdict("train", 4, "keep", author="a"))
    add_verdict(small, Verdict("train", 5, "keep", author="b"))
    undone = undo_verdict(small, "a")
    assert undone is not None
    assert undone.verdict == "keep"
    assert load_verdicts(small).latest["train", 4].verdict == "exclude"
    undo_verdict(small, "a")
    assert list(load_verdicts(small).latest) == [("train", 5)]
    assert undo_verdict(small, "a") is None


def test_test_images_never_reach_training(small: Dataset) -> None:
    add_verdict(small, Verdict("test", 3, "exclude"))
    add_verdict(small, Verdict("test", 4, "relabel", 1))
    assert len(load_verdicts(small).latest) == 2
    assert build_edits(load_verdicts(small)).rows.tolist() == []


def test_edits_are_a_file_that_recipes_take_named_by_content(small: Dataset) -> None:
    add_verdict(small, Verdict("train", 7, "relabel", 2))
    first = write_edits(build_edits(load_verdicts(small)))
    assert load_edits(first, small).relabelled == {7: 2}
    assert write_edits(build_edits(load_verdicts(small))) == first
    add_verdict(small, Verdict("train", 8, "exclude"))
    edits = build_edits(load_verdicts(small))
    assert write_edits(edits) != first
    assert load_edits(first, small).relabelled == {7: 2}
    without, with_edits = name_pair("cnn", edits)
    assert without != with_edits


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"row": 50}, "train has rows 0 to 49"),
        ({"split": "test", "row": 200}, "test has rows 0 to 199"),
        ({"label": 3}, "needs a new label"),
        ({"verdict": "relabel"}, "needs a new label"),
        ({"verdict": "relabel", "label": 1}, "no. 1 is already labelled Trouser"),
        ({"reason": "x" * 501}, "501 characters"),
    ],
)
def test_a_verdict_that_cannot_be_is_refused(
    small: Dataset, change: dict[str, object], words: str
) -> None:
    with pytest.raises(RunError, match=words):
        add_verdict(small, dataclasses.replace(Verdict("train", 1, "keep"), **change))
    assert not load_verdicts(small).given


def test_damaged_file_names_itself(small: Dataset) -> None:
    path: Path = find_path(small)
    path.parent.mkdir()
    path.write_text('{"train": "a", "test": "b", "given": [{"split": "other"}]}')
    with pytest.raises(RunError, match=path.name):
        load_verdicts(small)
