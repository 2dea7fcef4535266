"""Write a script of Keras, NumPy and Matplotlib alone that trains a run's recipe again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fmnist.errors import RunError
from fmnist.runs import open_run
from fmnist.takeaway.script import build_script
from fmnist.takeaway.training import describe_training, shorten


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="name of a run, for example cnn")
    parser.add_argument("--epochs", type=int, metavar="N", help="train N epochs instead")
    parser.add_argument(
        "--train-share", type=float, metavar="S", help="train on this share of the images instead"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE.py", type=Path, help="without it, the script is printed"
    )


def run(options: argparse.Namespace) -> int:
    """Write the script, to the file or to standard output.

    Raises:
        RunError: there is no such run, or the file can't be written.
        RecipeError: the recipe can't be written as code; the message says why.
    """
    text = build_script(
        shorten(describe_training(open_run(options.run)), options.epochs, options.train_share)
    )
    if options.output is None:
        sys.stdout.write(text)
        return 0
    try:
        options.output.write_text(text, "utf-8")
    except OSError as error:
        raise RunError(f"{options.output} can't be written: {error.strerror}.") from error
    print(f"{options.output}: {len(text.splitlines()):,} lines")
    return 0
