"""Learning from another run's network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fmnist.errors import RecipeError, RunError
from fmnist.launching import start_run
from fmnist.runs import Recipe, create_run, list_runs
from tests.support import in_keras_checkpoints as keras_checks
from tests.support import in_keras_start_from as start_checks
from tests.support import in_keras_teacher as teacher_checks

SMALL = Recipe("baseline", width=0.25, augmentation="none", dropout=0.0)


@pytest.fixture
def source(isolated: Path, in_keras) -> str:
    create_run(SMALL, run_id="source")
    in_keras(start_checks.save_model, str(isolated), "source")
    return "source"


@pytest.mark.parametrize(
    ("temperature", "share"),
    [
        (3.0, 0.9),
        *(pytest.param(*each, marks=pytest.mark.slow) for each in ((1.0, 0.5), (4.0, 1.0))),
    ],
)
def test_loss_is_the_teachers_and_the_labels_in_their_shares(
    in_keras, temperature: float, share: float
) -> None:
    recipe = replace(SMALL, teacher="source", teacher_temperature=temperature, teacher_share=share)
    found = in_keras(teacher_checks.take_step, recipe.to_dict())

    def soften(proba: np.ndarray) -> np.ndarray:
        powers = proba.astype(np.float64) ** (1 / temperature)
        return powers / powers.sum(axis=1, keepdims=True)

    teacher, student = soften(found["target"]), soften(found["student"])
    divergence = (teacher * np.log(teacher / student)).sum(axis=1).mean()
    assert divergence > 0.001
    labels = -np.log(found["student"][np.arange(16), found["labels"]]).mean()
    assert found["shown"] == pytest.approx(labels, rel=1e-3)
    expected = share * temperature**2 * divergence + (1 - share) * labels
    assert found["loss"] == pytest.approx(expected, rel=1e-3)


@pytest.mark.slow
def test_a_teacher_learns_nothing_and_is_not_in_the_checkpoint(in_keras, tmp_path: Path) -> None:
    recipe = replace(SMALL, teacher="source")
    found = in_keras(teacher_checks.take_step, recipe.to_dict())
    assert not found["is_changed"]
    assert found["trainable"] == found["own"]
    sizes = []
    for teacher in ("", "source"):
        folder = tmp_path / f"taught by {teacher}"
        in_keras(keras_checks.resume_steps, replace(SMALL, teacher=teacher).to_dict(), str(folder))
        with np.load(folder / "epoch-0001.npz") as arrays:
            sizes.append(len(arrays.files))
    assert sizes[0] == sizes[1]


def test_the_file_of_the_run_is_the_teacher(in_keras, isolated: Path, source: str) -> None:
    taught = replace(SMALL, teacher=source, width=1.0)
    assert in_keras(teacher_checks.load, str(isolated), SMALL.to_dict()) == 0
    assert 100_000 < in_keras(teacher_checks.load, str(isolated), taught.to_dict()) < 200_000


def test_a_teacher_must_not_have_learned_what_is_validated_on(isolated: Path, source: str) -> None:
    recipe = replace(SMALL, teacher=source, validation_share=0.2)
    with pytest.raises(RecipeError, match=r"some of which that run was trained on.*0\.1"):
        start_run(recipe)
    assert [run.run_id for run in list_runs()] == [source]


@pytest.mark.parametrize(
    ("name", "words"),
    [("new", "new is not finished.*Wait for it"),
     ("gone", "no run named 'gone'.*So it can't teach another. Restore it.*or choose another")],
)  # fmt: skip
def test_only_a_finished_run_teaches(isolated: Path, in_keras, name: str, words: str) -> None:
    create_run(SMALL, run_id="new")
    recipe = replace(SMALL, teacher=name)
    with pytest.raises(RunError, match=words):
        start_run(recipe)
    with pytest.raises(RunError, match=words):  # it was deleted, say, while the run was waiting
        in_keras(teacher_checks.load, str(isolated), recipe.to_dict())
