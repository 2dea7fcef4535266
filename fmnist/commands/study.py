"""Search for better settings, or repeat a recipe over seeds, exactly as the Study page does.

A study runs in the background; ``study show NAME`` prints its results so far as JSON.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import sys
from collections.abc import Callable
from typing import Any

from fmnist.networks import NETWORKS, find_network
from fmnist.runs import open_run
from fmnist.study import (
    DEFAULT_SETTINGS,
    REPEAT,
    SWEEP,
    Study,
    StudyPlan,
    ensure_study,
    list_studies,
    list_sweepable,
    open_study,
    restore_study,
    resume_study,
    start_study,
    stop_study,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add an action for each operation on studies, with its options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    sweep = actions.add_parser("sweep", help="search for better settings")
    sweep.add_argument("--trials", type=int, default=12, help="runs at most (12)")
    sweep.add_argument(
        "--minutes",
        type=float,
        default=0.0,
        help="start no trial after this time; 0: no limit (0)",
    )
    sweep.add_argument(
        "--vary",
        nargs="+",
        choices=list(list_sweepable()),
        default=list(DEFAULT_SETTINGS),
        help=f"settings ({' '.join(DEFAULT_SETTINGS)})",
    )
    sweep.add_argument("--pruning", action=argparse.BooleanOptionalAction, default=True)
    repeat = actions.add_parser("repeat", help="train one recipe with several seeds")
    repeat.add_argument("--seeds", type=int, default=5, help="how many (5)")
    for begin in (sweep, repeat):
        begin.add_argument("--name", help="name of the study, with which its runs' names begin")
        begin.add_argument("--network", choices=list(NETWORKS), default="cnn", help="(cnn)")
        begin.add_argument("--run", metavar="RUN", help="take this run's recipe instead")
        begin.add_argument("--epochs", type=int, help="of each run (the recipe's)")
        begin.add_argument("--train-share", type=float, help="part of the images (the recipe's)")
        begin.add_argument("--seed", type=int, help="of every trial, or the first of a repeat")
    actions.add_parser("list", help="print the names and states of all studies")
    for name, what in (
        ("show", "print the results so far, as JSON"),
        ("stop", "stop a study"),
        ("resume", "continue a stopped study"),
        ("restore", "restore a deleted study"),
    ):
        actions.add_parser(name, help=what).add_argument("study", metavar="STUDY")


def run(options: argparse.Namespace) -> int:
    """Run the chosen action."""
    actions: dict[str, Callable[[argparse.Namespace], object]] = {
        "sweep": _begin,
        "repeat": _begin,
        "list": lambda _: [print(study.name, study.load_state()) for study in list_studies()],
        "show": lambda given: _show(open_study(given.study)),
        "stop": lambda given: stop_study(open_study(given.study)),
        "resume": lambda given: resume_study(open_study(given.study)),
        "restore": lambda given: restore_study(given.study),
    }
    actions[options.action](options)
    return 0


def _begin(options: argparse.Namespace) -> None:
    recipe = open_run(options.run).recipe if options.run else find_network(options.network).recipe
    names = ("epochs", "train_share", "seed")
    given: dict[str, Any] = {
        name: value for name in names if (value := getattr(options, name)) is not None
    }
    recipe = dataclasses.replace(recipe, **given)
    if options.action == SWEEP:
        space = {name: list_sweepable()[name] for name in options.vary}
        plan = StudyPlan(
            SWEEP, recipe, options.trials, options.minutes, space, pruning=options.pruning
        )
    else:
        plan = StudyPlan(REPEAT, recipe, options.seeds)
    study = start_study(plan, name=options.name, owner="command line")
    print(study.name)
    print(
        f"It runs in the background. Its results: python -m fmnist study show {study.name}",
        file=sys.stderr,
    )


def _show(study: Study) -> None:
    ensure_study(study)
    rows: list[dict[str, Any]]
    values: dict[str, Any] = {"study": study.name, "state": study.load_state()}
    if study.plan.kind == SWEEP:
        from fmnist.study.journal import load_trials  # with Optuna, which no other command needs

        # Counted from 1, as on the page and in the names of the runs.
        rows = [
            {**dataclasses.asdict(trial), "number": trial.number + 1}
            for trial in load_trials(study)
        ]
    else:
        from fmnist.comparison import compute_seed_statistics
        from fmnist.study.results import load_seed_runs

        runs = load_seed_runs(study)
        rows = [dataclasses.asdict(seed_run) for seed_run in runs]
        for name in ("validation", "test"):
            seen = [v for row in runs if math.isfinite(v := getattr(row, name))]
            if seen:
                figures = dataclasses.asdict(compute_seed_statistics(seen))
                values[name] = _clean(figures)
    print(json.dumps(values | {"runs": [_clean(row) for row in rows]}, indent=1))


def _clean(row: dict[str, Any]) -> dict[str, Any]:
    """Leave out values that are unknown so far: JSON has no nan."""
    return {
        name: value
        for name, value in row.items()
        if not (isinstance(value, float) and math.isnan(value))
    }
