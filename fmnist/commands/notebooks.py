"""Write a run as notebooks: data exploration, a baseline, and the run's network."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from fmnist.commands.progress import show_progress
from fmnist.commands.training_options import add_training_arguments, load_training
from fmnist.errors import RunError
from fmnist.runs import open_teacher
from fmnist.takeaway.notebooks import (
    build_notebooks,
    execute_notebook,
    strip_pictures,
    write_notebook,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_training_arguments(parser)
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path, required=True, help="folder, made if needed"
    )
    parser.add_argument(
        "--execute",
        action="store_true",
        help="run them there, with the data set of the archive folder: as long as the training",
    )
    parser.add_argument(
        "--strip-pictures",
        action="store_true",
        help="leave out outputs that show items of the data set, and warnings; charts stay",
    )


def run(options: argparse.Namespace) -> int:
    """Write the notebooks and print their names.

    Raises:
        RunError: there is no such run, the extras are not installed, a cell failed, or the folder
            can't be written.
        RecipeError: the recipe can't be written as code; the message says why.
    """
    folder: Path = options.output
    training = load_training(options)
    notebooks = build_notebooks(training)
    teacher = open_teacher(training.recipe).model_path if training.recipe.teacher else None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, notebook in notebooks.items():
            if options.execute:
                execute_notebook(notebook, folder, partial(_report, name), teacher=teacher)
                show_progress("")
            if options.strip_pictures:
                strip_pictures(notebook)
            path = folder / f"{name}.ipynb"
            path.write_text(write_notebook(notebook), "utf-8")
            print(f"{path}: {len(notebook.cells)} cells")
    except OSError as error:
        raise RunError(f"{folder} can't be written: {error.strerror or error}.") from error
    return 0


def _report(name: str, cell: int, cells: int) -> None:
    show_progress(f"{name}: cell {cell} of {cells}")
