"""Train a network's quick recipe, with dropout, whole and without each decision; ``make ablation``.

The whole recipe runs with three seeds, so that differences can be compared with the spread between
seeds. Each decision is removed once, and each alternative taken once, with the first seed. All
figures are measured on the validation images. Runs are ordinary ones in the models folder, so an
interrupted ablation can be continued.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace

from fmnist.commands.train import follow
from fmnist.errors import RunError
from fmnist.launching import resume_run, start_run
from fmnist.networks import find_network
from fmnist.networks.ablation import (
    ALTERNATIVES,
    DECISIONS,
    Ablation,
    AblationRow,
    find_ablation_path,
)
from fmnist.runs import Recipe, Report, Run, RunState, open_run

SEEDS = (0, 1, 2)

# The quick preset has no dropout, because this ablation showed its cost in five epochs; it is
# restored here so that it can be removed.
DROPOUT = 0.2


def train_once(recipe: Recipe, run_id: str) -> tuple[Run, Report]:
    """Return the finished run with that name, training or resuming it first if necessary."""
    try:
        run = open_run(run_id)
    except RunError:
        run = start_run(recipe, run_id=run_id, owner="ablation")
    if run.load_state() in {RunState.STOPPED, RunState.LOST, RunState.FAILED}:
        run = resume_run(run_id)
    follow(run)
    report = run.load_report()
    if report is None:
        sys.exit(f"{run_id} is {run.load_state()}: {run.load_log(3)}")
    return run, report


def main() -> None:
    """Train what is missing and write the record."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--network", default="cnn")
    parser.add_argument("--epochs", type=int)
    options = parser.parse_args()
    info = find_network(options.network)
    recipe = replace(info.presets.get("quick", info.recipe), dropout=DROPOUT)
    recipe = replace(recipe, epochs=options.epochs or recipe.epochs)
    wanted = {f"whole-{seed}": ("", replace(recipe, seed=seed)) for seed in SEEDS}
    for way, decisions in (("without", DECISIONS), ("with", ALTERNATIVES)):
        for name, decision in decisions.items():
            changed = replace(recipe, seed=SEEDS[0], **decision.changes)
            if changed != recipe:  # otherwise the recipe has nothing to remove, or has it already
                wanted[f"{way}-{name}"] = (name, changed)
    rows: list[AblationRow] = []
    report: Report | None = None
    for name, (decision_name, changed) in wanted.items():
        if decision_name == "precision" and rows[0].precision == changed.precision:
            continue  # the machine has no faster one
        _, report = train_once(changed, f"ablation-{options.network}-{name}")
        accuracy = report.validation_accuracy
        assert accuracy is not None  # every recipe has validation images
        rows.append(
            AblationRow(
                decision_name, changed.seed, accuracy, report.seconds,
                report.precision, report.command,
            )
        )  # fmt: skip
        print(f"{name}: {accuracy:.2%} on validation", flush=True)
    if report is not None:
        hardware = f"{report.hardware['processor']}, {report.hardware['cores']} cores"
        ablation = Ablation(
            options.network, recipe.epochs, report.n_train, report.n_validation, hardware,
            tuple(rows),
        )  # fmt: skip
        path = find_ablation_path(options.network)
        path.write_text(json.dumps(asdict(ablation), indent=1) + "\n")


if __name__ == "__main__":
    main()
