"""The real thing: a controller process, real trainings, kill -9."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from fmnist.runs import Recipe, list_runs
from fmnist.study import SWEEP, Range, StudyPlan, StudyState, ensure_study, start_study
from fmnist.study.journal import load_trials
from tests.support.imports import imports_of


@pytest.mark.processes
def test_controller_is_light() -> None:
    assert imports_of(["fmnist.study.__main__"], "tensorflow,keras,streamlit,plotly,sklearn") == ""


@pytest.mark.processes
def test_optuna_is_imported_only_where_studies_are() -> None:
    names = ["fmnist.__main__", "fmnist.launching.__main__", "fmnist.study", "fmnist.ui.train.live",
             "fmnist.ui.train.form"]  # fmt: skip
    assert imports_of(names, "optuna") == ""


@pytest.fixture
def models(isolated: Path) -> Iterator[Path]:
    yield isolated
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            is_program = process.cmdline()[1:2] == ["-m"]
            if is_program and process.environ().get("FMNIST_MODELS") == str(isolated):
                process.kill()


def wait_for(condition: Callable[[], object], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


@pytest.mark.slow
def test_sweep_survives_kill_9_of_its_controller(models: Path) -> None:
    recipe = Recipe("baseline", epochs=2, batch_size=64, precision="float32")
    plan = StudyPlan(SWEEP, recipe, trials=2, space={"dropout": Range(0.0, 0.5, step=0.1)})
    study = start_study(plan, name="sweep")
    wait_for(lambda: (run := study.find_run(0)) is not None and run.load_launch() is not None)
    psutil.Process(study.load_status().process.pid).kill()
    wait_for(lambda: study.load_state() is StudyState.STARTING)
    # As the page does while it shows the study.
    wait_for(lambda: ensure_study(study) or study.load_state() is StudyState.FINISHED)
    trials = load_trials(study)
    assert [trial.state for trial in trials] == ["finished", "finished"], (
        study.path / "controller.log"
    ).read_text()
    assert sorted(run.run_id for run in list_runs()) == ["sweep-t001", "sweep-t002"]
    for trial in trials:
        run = study.find_run(trial.number)
        assert trial.accuracy == run.load_report().validation["accuracy"]
        assert trial.accuracy == pytest.approx(run.load_history()["val_accuracy"].max())
        assert trial.settings["dropout"] == run.recipe.dropout
    assert (study.path / "controller.log").read_text() == "", "quiet, and free of warnings"
