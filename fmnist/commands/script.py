"""Write a script of Keras, NumPy and Matplotlib alone that trains a run's recipe again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fmnist.commands.training_options import add_training_arguments, load_training
from fmnist.errors import RunError
from fmnist.takeaway.script import build_script


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_training_arguments(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE.py", type=Path, help="without it, the script is printed"
    )


def run(options: argparse.Namespace) -> int:
    """Write the script, to the file or to standard output.

    Raises:
        RunError: there is no such run, or the file can't be written.
        RecipeError: the recipe can't be written as code; the message says why.
    """
    text = build_script(load_training(options))
    if options.output is None:
        sys.stdout.write(text)
        return 0
    try:
        options.output.write_text(text, "utf-8")
    except OSError as error:
        raise RunError(f"{options.output} can't be written: {error.strerror}.") from error
    print(f"{options.output}: {len(text.splitlines()):,} lines")
    return 0
