"""Describe the data set in use, or write it as two CSV files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fmnist.commands.progress import report, show_progress
from fmnist.data import describe_dataset, load_dataset, write_csv


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "--csv",
        metavar="DIR",
        type=Path,
        help="write the data set as two CSV files into this folder",
    )


def run(options: argparse.Namespace) -> int:
    """Print the description as JSON; with ``--csv``, write the files and print their paths."""
    dataset = load_dataset(report)
    show_progress("")
    print(json.dumps(describe_dataset(dataset), indent=1))
    if options.csv:
        for path in write_csv(dataset, options.csv, report):
            show_progress("")
            print(path)
    return 0
