"""What a checkpoint keeps, and what is done with a damaged one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.runs import Recipe
from tests.support import in_keras_checkpoints as keras_checks
from tests.support import in_keras_training as run_checks
from tests.support.runs import HISTORY, STEPS, make_run


@pytest.mark.slow
def test_checkpoint_restores_every_variable_and_only_the_last_is_kept(
    in_keras, tmp_path: Path
) -> None:
    assert in_keras(keras_checks.checkpoint, str(tmp_path / "checkpoint"), None) == {
        "same": True, "epoch": 2, "seconds": 4.0, "fresh": 0,
        "files": ["epoch-0002.npz", "progress.json"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "settings",
    [{"optimizer": "sgd", "learning_rate": 0.1}, {"augmentation": "crop_cutout"},
     {"averaging_steps": 3}, {"teacher": "another run"}],
    ids=lambda settings: next(iter(settings)),
)  # fmt: skip
@pytest.mark.slow
def test_steps_after_a_resume_are_those_without(
    in_keras, tmp_path: Path, settings: dict[str, object]
) -> None:
    recipe = Recipe("cnn", width=0.25, **settings)
    for whole, resumed in in_keras(keras_checks.resume_steps, recipe.to_dict(), str(tmp_path)):
        np.testing.assert_allclose(resumed, whole, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "damage",
    [
        "cut",
        *(
            pytest.param(damage, marks=pytest.mark.slow)
            for damage in (
                *("empty", "text", "gone", "other network"),
                *("progress cut", "progress empty", "progress outside"),
            )
        ),
    ],
)
def test_checkpoint_that_can_not_be_used_is_reported(in_keras, tmp_path: Path, damage: str) -> None:
    message = in_keras(keras_checks.checkpoint, str(tmp_path / "checkpoint"), damage)
    assert isinstance(message, str), "the damage was not noticed"
    assert "checkpoint" in message


def test_what_was_reported_after_the_checkpoint_is_dropped(in_keras, isolated: Path) -> None:
    run = make_run("lost")
    later = "9,1.5,2.2,0.3,0.001,900,1\n"
    (run.path / "steps.csv").write_text(STEPS + later + "10,1.6,")
    tables = in_keras(run_checks.forget, str(isolated), run.run_id, 1)
    assert tables == {"history.csv": HISTORY, "steps.csv": STEPS}
    tables = in_keras(run_checks.forget, str(isolated), run.run_id, 0)
    assert tables["history.csv"] == HISTORY.splitlines(keepends=True)[0]


@pytest.mark.parametrize("damage", ["step\n1\n", "\0\n", "step,epoch\n1,x\n"])
def test_damaged_curve_does_not_keep_a_run_from_going_on(
    in_keras, isolated: Path, damage: str
) -> None:
    run = make_run("lost")
    (run.path / "steps.csv").write_text(damage)
    tables = in_keras(run_checks.forget, str(isolated), run.run_id, 1)
    assert tables == {"history.csv": HISTORY, "steps.csv": STEPS.splitlines(keepends=True)[0]}
