"""Say which data set is in use, or write it as the archive's two CSV files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fmnist.commands.progress import report, show_progress
from fmnist.data import describe_dataset, load_dataset, write_csv


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--csv", metavar="DIR", type=Path, help="write the two CSV files there")


def run(options: argparse.Namespace) -> int:
    """Print what was found as JSON; with ``--csv`` write the files and name them."""
    dataset = load_dataset(report)
    show_progress("")
    print(json.dumps(describe_dataset(dataset), indent=1))
    if options.csv:
        for path in write_csv(dataset, options.csv, report):
            show_progress("")
            print(path)
    return 0
