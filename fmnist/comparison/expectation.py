"""The expected result of a run before it is started, from recorded runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fmnist.errors import RunError
from fmnist.runs import Recipe, Report, Run, RunState
from fmnist.runs.pace import measure_pace, was_trained_here


@dataclass(frozen=True, slots=True)
class Expectation:
    """The record of a network, and how long its recipe takes.

    Attributes:
        run_id: the recorded run.
        accuracy: its test accuracy, 0 to 1.
        epochs: number of epochs that it trained.
        parameters: number of parameters of its network.
        seconds: training time of the recipe at the pace measured on ``machine``, without
            validation.
        machine: the machine of that pace; empty for this machine.
        teacher: the run that taught the recorded run; empty if none did.
    """

    run_id: str
    accuracy: float
    epochs: int
    parameters: int
    seconds: float
    machine: str
    teacher: str


def find_expectation(
    recipe: Recipe, runs: Sequence[Run], *, n_images: int, usual: tuple[float, str] = (0.0, "")
) -> Expectation | None:
    """Return the expectation for a recipe by a recorded run, or None if its network has no run.

    The run named like the network goes before others, and these in their order; runs on the demo
    set and trials of studies do not count. The pace is that of the first run of the network that
    was trained on this machine, or else of the recorded run; a run that an accelerator trained
    says nothing about a laptop, so that the usual pace goes before its own.

    Args:
        recipe: the recipe that would be trained.
        runs: the existing runs, newest first.
        n_images: the number of images of the training set, validation images included.
        usual: images per second without an accelerator, and the machine of that measurement; 0 if
            there is none.
    """
    own = [run for run in runs if run.recipe.network == recipe.network and not run.study]
    own.sort(key=lambda run: run.run_id != recipe.network)
    found = next(((run, report) for run in own if (report := _load_report(run))), None)
    if found is None:
        return None
    run, report = found
    local = filter(was_trained_here, own)
    here = next((pace for other in local if (pace := measure_pace(other))), None)
    pace, machine = here, ""
    if not pace and usual[0] and report.hardware.get("accelerators"):
        pace, machine = usual
    elif not pace:
        # The seconds of averaged weights are those of several trainings, the steps those of one.
        seconds = max(report.seconds, 0.1)
        pace = measure_pace(run) or report.n_train * report.epochs_run / seconds
        machine = report.machine
    share = (1 - recipe.validation_share) * recipe.train_share
    return Expectation(
        run_id=run.run_id,
        accuracy=report.test["accuracy"],
        epochs=report.epochs_run,
        parameters=report.parameters,
        seconds=recipe.epochs * n_images * share / pace,
        machine=machine,
        teacher=run.recipe.teacher,
    )


def _load_report(run: Run) -> Report | None:
    try:
        report = run.load_report() if run.load_state() is RunState.FINISHED else None
    except RunError:
        return None
    return None if report is None or report.data_name == "demo set" else report
