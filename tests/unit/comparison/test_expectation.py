from __future__ import annotations

import json
from pathlib import Path

import pytest

from fmnist.comparison.expectation import find_expectation
from fmnist.runs import Recipe, Run, list_runs
from fmnist.runs.files import write_json
from fmnist.runs.layout import RunFile
from tests.support.runs import build_report, make_run, write_launch


def change_report(run: Run, **changes: object) -> None:
    write_json(run.report_path, build_report(run.recipe.network).to_dict() | changes)


def expect(network: str = "baseline", **settings: object):
    recipe = Recipe(network, **({"epochs": 10, "validation_share": 0.1} | settings))
    return find_expectation(recipe, list_runs(), n_images=60_000)


def test_network_without_a_finished_run_promises_nothing(isolated: Path) -> None:
    make_run("stopped")
    make_run("finished", network="cnn")
    assert expect() is None


def test_pace_of_the_recorded_run_is_that_of_its_machine(isolated: Path) -> None:
    run = make_run("finished")
    change_report(run, n_train=54_000, epochs_run=2, seconds=108.0)
    (run.path / RunFile.STEPS).unlink()
    found = expect()
    assert found is not None
    assert (found.accuracy, found.epochs, found.parameters) == (0.95, 2, 538_122)
    assert found.machine == "p, 2 cores"
    assert found.seconds == pytest.approx(10 * 54_000 / 1000)
    half = expect(train_share=0.5)
    assert half is not None
    assert half.seconds == pytest.approx(found.seconds / 2)


def test_pace_of_the_recorded_run_is_that_of_its_steps(isolated: Path) -> None:
    run = make_run("finished")  # 900 images a second in its steps
    change_report(run, n_train=54_000, epochs_run=9, seconds=2_700.0)  # of several trainings
    found = expect()
    assert found is not None
    assert found.seconds == pytest.approx(10 * 54_000 / 900)


def test_pace_measured_on_this_machine_goes_before_the_recorded_one(isolated: Path) -> None:
    make_run("finished")
    write_launch(make_run("stopped"), alive=False)  # 900 images a second in its steps
    found = expect()
    assert found is not None
    assert found.machine == ""
    assert found.seconds == pytest.approx(10 * 54_000 / 900)


def test_run_of_the_networks_name_goes_first_and_the_demo_set_does_not_count(
    isolated: Path,
) -> None:
    change_report(make_run("finished", "baseline"), parameters=1)
    change_report(make_run("finished", "newer"), parameters=2)
    found = expect()
    assert found is not None
    assert found.parameters == 1
    change_report(make_run("finished", "of-cnn", network="cnn"), data={"kind": "demo"})
    assert expect("cnn") is None


def test_pace_of_another_machine_is_not_this_ones(isolated: Path) -> None:
    run = make_run("finished")
    write_launch(run, alive=False, host="elsewhere")
    found = expect()
    assert found is not None
    assert found.machine


def test_pace_of_an_accelerator_says_nothing_about_a_laptop(isolated: Path) -> None:
    machine = {"processor": "p", "cores": 2, "accelerators": ["NVIDIA H200"]}
    change_report(make_run("finished"), n_train=54_000, epochs_run=2, seconds=1.0, hardware=machine)
    recipe = Recipe("baseline", epochs=10, validation_share=0.1)
    found = find_expectation(recipe, list_runs(), n_images=60_000, usual=(500, "a laptop"))
    assert found is not None
    assert found.seconds == pytest.approx(10 * 54_000 / 500)
    assert found.machine == "a laptop"
    unknown = find_expectation(recipe, list_runs(), n_images=60_000)
    assert unknown is not None
    assert unknown.machine == "NVIDIA H200"


def test_expectation_names_the_teacher(isolated: Path) -> None:
    run = make_run("finished", "baseline")
    stored = json.loads((run.path / RunFile.RECIPE).read_text())
    write_json(run.path / RunFile.RECIPE, stored | {"teacher": "compact"})
    found = expect()
    assert found is not None
    assert found.teacher == "compact"
