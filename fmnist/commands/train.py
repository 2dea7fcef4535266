"""Train a network, exactly as the Train page does, and wait for the result.

Progress goes to standard error, the report to standard output. Ctrl-C stops the run and keeps its
weights; ``--resume`` continues it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, Final

from fmnist.commands.progress import ProgressLog, show_progress
from fmnist.errors import RecipeError
from fmnist.launching import (
    ensure_dispatcher,
    explain_end,
    load_trouble,
    resume_run,
    start_run,
    stop_run,
)
from fmnist.networks import CLASSICAL_MODELS, NETWORKS, STARTING_POINTS, find_network
from fmnist.runs import ACTIVE_STATES, SETTINGS, Phase, Recipe, Run, RunState
from fmnist.runs.architecture import MAX_ARCHITECTURE_TEXT
from fmnist.runs.progress import describe_progress
from fmnist.runs.recipe import CUSTOM
from fmnist.runs.setting import Setting

POLL_SECONDS: Final = 0.5
"""How often the run's files are read for progress."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting of a recipe; the default is the network's."""
    parser.add_argument(
        "--network",
        choices=[*NETWORKS, CUSTOM, *CLASSICAL_MODELS],
        help="network or classical model to train (default: cnn; custom if there is an "
        "--architecture)",
    )
    presets = sorted({name for info in NETWORKS.values() for name in info.presets})
    parser.add_argument("--preset", choices=presets, help="recipe whose settings are the defaults")
    parser.add_argument("--run", metavar="NAME", help="name of the new run")
    parser.add_argument("--resume", metavar="RUN", help="continue a stopped, failed or lost run")
    for setting in SETTINGS.values():
        if setting.name != "network":
            _add_option(parser, setting)


def _add_option(parser: argparse.ArgumentParser, setting: Setting) -> None:
    text = setting.help.replace("%", "%%")
    if setting.type is bool:
        parser.add_argument(setting.flag, action=argparse.BooleanOptionalAction, help=text)
    elif setting.choices:
        parser.add_argument(setting.flag, choices=list(setting.choices), help=text)
    else:
        parser.add_argument(setting.flag, type=setting.type, metavar="VALUE", help=text)


def run(options: argparse.Namespace) -> int:
    """Queue the run, follow it, and print its report as JSON; log to standard error."""
    if options.resume:
        started = resume_run(options.resume)
    else:
        started = start_run(_read_recipe(options), run_id=options.run, owner="command line")
    state = follow(started)
    show_progress("")
    if state is not RunState.FINISHED:
        status = started.load_status()
        if state is RunState.LOST:
            reason = explain_end(started)
        else:
            reason = (status and status.error) or started.load_log(3)
        print(f"{started.run_id} is {state}. {reason}", file=sys.stderr)
        return 1
    report = started.load_report()
    if report is not None:
        accuracy = report.validation_accuracy
        validated = (
            "nothing validated" if accuracy is None else f"{accuracy:.2%} on the validation set"
        )
        print(
            f"{started.run_id}: finished, {validated}, {report.test['accuracy']:.2%} on the test "
            "set",
            file=sys.stderr,
        )
    values = report.to_dict() if report else {}
    print(json.dumps({"run": started.run_id, **values}, indent=1))
    return 0


def _read_recipe(options: argparse.Namespace) -> Recipe:
    network = options.network or ("cnn" if options.architecture is None else CUSTOM)
    values: dict[str, Any] = find_network(network).find_recipe(options.preset).to_dict()
    for name in values:
        given = getattr(options, name)
        if given is not None:
            values[name] = given
    if options.architecture is not None:
        values["architecture"] = _read_architecture(options.architecture)
    return Recipe.from_dict(values)


def _read_architecture(given: str) -> str:
    """Return the JSON of an architecture, read from a file unless it is the JSON itself."""
    if given.lstrip().startswith("["):
        return given
    try:
        with Path(given).open("rb") as file:
            return file.read(MAX_ARCHITECTURE_TEXT + 1).decode()
    except (OSError, UnicodeError) as error:
        raise RecipeError(
            f"{given} can't be read as an architecture: {error}. Name a JSON file with a list of "
            f"layers; two to begin with are in {STARTING_POINTS}."
        ) from error


def follow(run: Run) -> RunState:
    """Show progress until the run is over; Ctrl-C asks it to stop."""
    log = ProgressLog()
    while True:
        try:
            state = run.load_state()
            if state is RunState.QUEUED:
                ensure_dispatcher()
            if state not in ACTIVE_STATES:
                return state
            _show(log, run, state)
            time.sleep(POLL_SECONDS)
        except KeyboardInterrupt:
            stop_run(run)


def _show(log: ProgressLog, run: Run, state: RunState) -> None:
    if state is RunState.QUEUED:
        trouble = load_trouble()
        log.show(f"{run.run_id}: queued{trouble and f'. {trouble}'}", (state, trouble))
        return
    status = run.load_status()
    if status is None:
        log.show(f"{run.run_id}: starting", state)
        return
    words = describe_progress(status)
    accuracies = run.load_history().get("val_accuracy")
    if accuracies is not None and len(accuracies):
        words += f", validation accuracy {accuracies[-1]:.2%}"
    stopping = "stopping, " if state is RunState.STOPPING else ""
    # An epoch ends with a short validation, which does not need a separate line.
    phase = Phase.TRAINING if status.phase == Phase.VALIDATING else status.phase
    log.show(f"{run.run_id}: {stopping}{words}", (state, phase, status.epoch))
