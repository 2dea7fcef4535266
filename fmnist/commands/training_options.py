"""The options of commands that write a run's training as code."""

from __future__ import annotations

import argparse

from fmnist.runs import open_run
from fmnist.takeaway.training import Training, describe_training, shorten


def add_training_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the run, and options that shorten its training."""
    parser.add_argument("run", metavar="RUN", help="name of a run, for example cnn")
    parser.add_argument("--epochs", type=int, metavar="N", help="train N epochs instead")
    parser.add_argument(
        "--train-share", type=float, metavar="S", help="train on this share of the images instead"
    )


def load_training(options: argparse.Namespace) -> Training:
    """Return the training selected by the options.

    Raises:
        RunError: there is no such run.
        RecipeError: the recipe can't be written as code; the message says why.
    """
    training = describe_training(open_run(options.run))
    return shorten(training, options.epochs, options.train_share)
