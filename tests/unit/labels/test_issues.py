from __future__ import annotations

import numpy as np
import pytest

from fmnist.data import Dataset
from fmnist.labels import issues
from fmnist.labels.folds import find_key
from fmnist.labels.issues import (
    Kind,
    Labels,
    describe_label,
    list_copies,
    list_doubtful,
    list_outliers,
    mark_issues,
)
from fmnist.labels.search import open_label_search
from tests.support.label_issues import write_fold_runs, write_scores, write_search


def test_leaks_come_first_and_name_the_training_image(small: Dataset) -> None:
    write_search()
    pixels = open_label_search(small).load_pixels()
    assert pixels is not None
    leak, copy = list_copies(Labels(small), pixels)
    assert (leak.item.split, leak.item.row, leak.others[0].split) == ("train", 1, "test")
    assert leak.reason == (
        "Differs by 2.5 grey levels from test no. 4 (Coat) moved by a pixel. It leaks a test image "
        "into training. Their labels differ."
    )
    assert (copy.item.row, copy.others[0].row, copy.score) == (3, 2, 0.0)
    assert copy.reason.startswith("Equal to train no. 2 (Pullover).")


def test_outliers_are_ranked_by_distance(small: Dataset) -> None:
    write_search()
    pixels = open_label_search(small).load_pixels()
    assert pixels is not None
    first = list_outliers(Labels(small), pixels)[0]
    assert (first.item.split, first.item.row) == ("test", 199)
    assert len(first.others) == 10


def test_the_label_that_no_network_believes_is_first(small: Dataset) -> None:
    write_search()
    write_scores(small, write_fold_runs(small))
    found = open_label_search(small)
    pixels, scores = found.load_pixels(), found.load_scores(find_key(small.fingerprints["train"]))
    assert pixels is not None
    assert scores is not None
    first = list_doubtful(Labels(small), pixels, scores, "self_confidence")[0]
    assert (first.item.split, first.item.row, first.item.label) == ("train", 5, 5)
    assert first.suggestion == 6
    assert np.isclose(first.score, 0.01)
    assert "give Sandal 1.0% and Shirt 91.0%" in first.reason


def test_any_label_is_described_by_what_is_known(small: Dataset) -> None:
    labels = Labels(small)
    last = labels.find("test", len(small.y_test) - 1)
    nothing = describe_label(labels, last, None, None)
    assert (nothing.item.split, nothing.item.row) == ("test", len(small.y_test) - 1)
    assert (nothing.kind, nothing.reason, nothing.others) == (Kind.LABEL, "", ())
    assert nothing.suggestion == small.y_test[-1]

    write_search()
    write_scores(small, write_fold_runs(small))
    found = open_label_search(small)
    pixels, scores = found.load_pixels(), found.load_scores(find_key(small.fingerprints["train"]))
    known = describe_label(labels, labels.find("train", 5), pixels, scores)
    assert known.reason.startswith("Networks that did not learn it give Sandal 1.0% and Shirt")
    assert (known.suggestion, len(known.others)) == (6, 10)


def test_each_image_is_marked_by_its_first_list(
    small: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_search()
    write_scores(small, write_fold_runs(small))
    found, labels = open_label_search(small), Labels(small)
    pixels, scores = found.load_pixels(), found.load_scores(find_key(small.fingerprints["train"]))
    assert pixels is not None
    monkeypatch.setattr(issues, "MAX_LISTED", 3)
    copies = [1, 2, 3, labels.n_train + 4]
    outliers = [len(labels.all) - 1, len(labels.all) - 2, len(labels.all) - 3]
    expected = np.zeros(len(labels.all), int)
    expected[copies], expected[outliers] = 1, 3
    np.testing.assert_array_equal(mark_issues(labels, pixels, None), expected)
    # Of the three lowest scores, one is of a planted label; the others are equal to all the rest.
    marks = mark_issues(labels, pixels, scores)
    assert marks[5] == 2
    assert (marks == 2).sum() <= 3
    assert marks[1] == 1
