from __future__ import annotations

import numpy as np
import pytest

from fmnist.data import Dataset, count_folds, split_validation
from fmnist.errors import RecipeError, RunError
from fmnist.labels.folds import (
    N_FOLDS,
    build_fold_recipe,
    collect_probabilities,
    find_fold_runs,
    find_key,
    name_fold_run,
)
from fmnist.runs import Recipe, open_run
from tests.support.label_issues import write_fold_runs


@pytest.mark.parametrize(("share", "n_folds"), [(0.2, 5), (0.1, 10), (0.3, 3), (1 / 3, 3), (0, 1)])
def test_folds_are_disjoint_and_as_many_as_fit(share: float, n_folds: int) -> None:
    labels = np.repeat(np.arange(10), 60).astype(np.uint8)
    assert count_folds(share) == n_folds
    if share:
        parts = [split_validation(labels, share=share, fold=k)[1] for k in range(n_folds)]
        rows = np.concatenate(parts)
        assert len(np.unique(rows)) == len(rows) == round(share * 60) * 10 * n_folds
        with pytest.raises(ValueError, match="has folds 0 to"):
            split_validation(labels, share=share, fold=n_folds)


@pytest.mark.parametrize("share", [0.2, 0.1, 0.25])
def test_folds_hold_each_image_once_whatever_the_class_counts(share: float) -> None:
    counts = [1, 2, 3, 7, 9, 11, 23, 51, 104, 199]
    labels = np.repeat(np.arange(10), counts).astype(np.uint8)
    parts = [split_validation(labels, share=share, fold=k)[1] for k in range(count_folds(share))]
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(len(labels)))


def test_first_fold_is_the_split_of_before() -> None:
    labels = np.repeat(np.arange(10), 33).astype(np.uint8)
    rows = split_validation(labels, share=0.1)[1]
    assert np.bincount(labels[rows]).tolist() == [3] * 10
    assert rows[:6].tolist() == [2, 10, 23, 49, 61, 65]


def test_recipe_refuses_a_fold_that_is_not_there() -> None:
    assert Recipe("cnn", validation_share=0.2, validation_fold=4).validation_fold == 4
    with pytest.raises(RecipeError, match=r"validation_share of 0\.2 has 5 folds"):
        Recipe("cnn", validation_share=0.2, validation_fold=5)


def test_each_image_gets_the_answer_of_the_network_that_did_not_learn_it(small: Dataset) -> None:
    assert collect_probabilities(small) is None
    y_proba = write_fold_runs(small)
    found = collect_probabilities(small)
    assert found is not None
    np.testing.assert_allclose(found.y_proba, y_proba, rtol=1e-6)
    assert found.seconds == 5 * 65
    assert found.key == find_key(small.fingerprints["train"])


def test_there_are_no_probabilities_until_all_five_are_finished(small: Dataset) -> None:
    write_fold_runs(small)
    fingerprint = small.fingerprints["train"]
    open_run(name_fold_run(fingerprint, 3)).report_path.unlink()
    assert find_key(fingerprint) is None
    assert collect_probabilities(small) is None
    assert sum(run is not None for run in find_fold_runs(fingerprint)) == N_FOLDS


def test_deleted_predictions_are_reported(small: Dataset) -> None:
    write_fold_runs(small)
    name = name_fold_run(small.fingerprints["train"], 1)
    (open_run(name).path / "predictions.npz").unlink()
    with pytest.raises(RunError, match="Start the check again"):
        collect_probabilities(small)


def test_recipes_differ_in_the_fold_alone() -> None:
    recipes = [build_fold_recipe(fold) for fold in range(N_FOLDS)]
    assert [recipe.validation_fold for recipe in recipes] == [0, 1, 2, 3, 4]
    assert len({recipe.seed for recipe in recipes}) == 1
