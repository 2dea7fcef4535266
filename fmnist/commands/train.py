"""Train a network, exactly as the Train page does, and wait for the result.

Ctrl-C asks the run to stop and keeps what it learned; ``--resume`` goes on with it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

from fmnist.commands.progress import show_progress
from fmnist.launching import ensure_dispatcher, explain_end, resume_run, start_run, stop_run
from fmnist.networks import NETWORKS, find_network
from fmnist.runs import SETTINGS, Recipe, Run, RunState
from fmnist.runs.setting import Setting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting of a recipe; without one the network's default holds."""
    parser.add_argument(
        "--network", choices=list(NETWORKS), default="cnn", help="what to train (cnn)"
    )
    presets = sorted({name for info in NETWORKS.values() for name in info.presets})
    parser.add_argument(
        "--preset", choices=presets, help="a recipe to start from instead of the network's default"
    )
    parser.add_argument("--run", metavar="NAME", help="name of the new run")
    parser.add_argument("--resume", metavar="RUN", help="go on with a stopped, failed or lost run")
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
    """Queue the run, follow it, and print its report as JSON."""
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
    values = report.to_dict() if report else {}
    print(json.dumps({"run": started.run_id, **values}, indent=1))
    return 0


def _read_recipe(options: argparse.Namespace) -> Recipe:
    values: dict[str, Any] = find_network(options.network).find_recipe(options.preset).to_dict()
    for name in values:
        given = getattr(options, name)
        if given is not None:
            values[name] = given
    return Recipe.from_dict(values)


def follow(run: Run) -> RunState:
    """Show one line of progress until the run is over; Ctrl-C asks it to stop."""
    while True:
        try:
            state = run.load_state()
            if state is RunState.QUEUED:
                ensure_dispatcher()
            show_progress(describe(run, state))
            if state not in {RunState.QUEUED, RunState.RUNNING, RunState.STOPPING}:
                return state
            time.sleep(0.5)
        except KeyboardInterrupt:
            stop_run(run)


def describe(run: Run, state: RunState) -> str:
    """Return one line: where a run stands."""
    status = run.load_status()
    if state is RunState.QUEUED or status is None:
        return f"{run.run_id}: {state}"
    line = (
        f"{run.run_id}: {state}, {status.phase}, epoch {min(status.epoch + 1, status.epochs)} "
        f"of {status.epochs}, {status.progress:.0%}"
    )
    if status.seconds_left is not None and state is RunState.RUNNING:
        line += f", {status.images_per_second:,.0f} images/s, {status.seconds_left:.0f} s left"
    return line
