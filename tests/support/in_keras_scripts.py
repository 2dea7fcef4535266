"""Generated scripts beside the program: run in a separate process, plain values go in."""

from __future__ import annotations

import csv
import os
import runpy
from pathlib import Path
from typing import Any

import matplotlib as mpl

from fmnist.runs import Recipe, open_run
from fmnist.takeaway.network_source import write_network
from fmnist.takeaway.script import build_script
from fmnist.takeaway.training import describe_training
from tests.support.in_keras_training import train_one, use_folders

Rows = list[dict[str, float]]


def run_script(archive: str, cache: str, models: str, folder: str, run_id: str) -> Rows:
    """Run the script of a run in a folder; return the rows of the history that it writes."""
    use_folders(archive, cache, models)
    mpl.use("Agg")
    training = describe_training(open_run(run_id))
    teacher = training.recipe.teacher
    os.environ["TEACHER_FILE"] = str(Path(models) / teacher / "model.keras") if teacher else ""
    path = Path(folder) / "script.py"
    path.write_text(build_script(training), "utf-8")
    before = Path.cwd()
    os.chdir(folder)
    try:
        runpy.run_path(str(path), run_name="__main__")
        with Path(f"{training.stem}_history.csv").open() as file:
            return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
    finally:
        os.chdir(before)


def train_and_run_script(
    archive: str, cache: str, models: str, folder: str, run_id: str, **changes: Any
) -> tuple[Rows, Rows]:
    """Train a run and run its script; return both histories."""
    train_one(archive, cache, models, run_id, **changes)
    history = open_run(run_id).load_history()
    rows = [
        {name: float(values[i]) for name, values in history.items()}
        for i in range(len(history["epoch"]))
    ]
    return rows, run_script(archive, cache, models, folder, run_id)


def build_both(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return Keras' descriptions of a network: built by the program, and by its source."""
    import keras

    from fmnist.networks.build import build_network

    recipe = Recipe.from_dict(values)
    names: dict[str, Any] = {"keras": keras, "layers": keras.layers}
    exec(write_network(recipe), names)
    return build_network(recipe).get_config(), names["build_network"]().get_config()
