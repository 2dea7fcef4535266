from __future__ import annotations

import json
from pathlib import Path

import pytest

from fmnist.__main__ import main
from fmnist.launching import launcher
from fmnist.networks import find_network
from fmnist.runs import create_run
from fmnist.study import delete_study, launch, list_sweepable, open_study
from tests.support.studies import Trainer, finish_run, make_sweep


@pytest.fixture(autouse=True)
def no_process(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_spawn_controller", lambda study: None)
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: None)


def test_sweep_is_started_as_asked(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--name", "s", "--network", "baseline", "--trials", "3", "--minutes", "9"]
    more = ["--epochs", "2", "--train-share", "0.05", "--vary", "dropout", "width", "--no-pruning"]
    assert main(["study", "sweep", *options, *more]) == 0
    assert capsys.readouterr().out == "s\n"
    plan = open_study("s").plan
    assert (plan.trials, plan.minutes, plan.pruning) == (3, 9, False)
    assert (plan.recipe.network, plan.recipe.epochs, plan.recipe.train_share) == (
        "baseline", 2, 0.05,
    )  # fmt: skip
    assert plan.space == {name: list_sweepable()[name] for name in ("dropout", "width")}


def test_sweep_varies_the_architecture_of_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    create_run(find_network("custom").recipe, run_id="own")
    names = ("conv_blocks", "filters", "kernel_size", "pooling")
    assert main(["study", "sweep", "--name", "s", "--run", "own", "--vary", *names]) == 0
    assert open_study("s").plan.space == {name: list_sweepable()[name] for name in names}
    assert main(["study", "sweep", "--network", "compact", "--vary", "filters"]) == 1
    assert "filters can't be varied by a sweep of compact" in capsys.readouterr().err


def test_repeat_goes_through_its_life(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "repeat", "--name", "r", "--seeds", "2", "--seed", "4"]) == 0
    study = open_study("r")
    assert study.plan.recipe.epochs == find_network("cnn").recipe.epochs
    assert [run.recipe.seed for run in study.list_runs()] == [4, 5]
    assert main(["study", "stop", "r"]) == 0
    capsys.readouterr()
    assert main(["study", "list"]) == 0
    assert capsys.readouterr().out == "r stopped\n"
    assert main(["study", "resume", "r"]) == 0
    for run, test in zip(study.list_runs(), (0.8, 0.9), strict=True):
        finish_run(run, validation=0.7, test=test)
    assert main(["study", "show", "r"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["state"] == "finished"
    assert shown["test"]["mean"] == pytest.approx(0.85)
    assert [run["test"] for run in shown["runs"]] == [0.8, 0.9]


def test_sweep_is_shown_without_what_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    Trainer().control(make_sweep(trials=2))
    assert main(["study", "show", "sweep"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [row["state"] for row in shown["runs"]] == ["finished", "finished"]
    assert [row["number"] for row in shown["runs"]] == [1, 2]  # as on the page
    assert "test" not in shown


def test_deleted_study_is_restored() -> None:
    study = make_sweep(trials=1)
    Trainer().control(study)
    delete_study(study, with_runs=True)
    assert main(["study", "restore", "sweep"]) == 0
    assert [run.run_id for run in open_study("sweep").list_runs()] == ["sweep-t001"]


def test_unknown_study_is_an_error_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "show", "nobody"]) == 1
    assert "There is no study named 'nobody'" in capsys.readouterr().err
