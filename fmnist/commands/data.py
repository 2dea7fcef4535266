"""Say which data set is in use, or write it as the archive's two CSV files."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fmnist.data import describe_dataset, load_dataset, write_csv


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--csv", metavar="DIR", type=Path, help="write the two CSV files there")


def run(options: argparse.Namespace) -> int:
    """Print what was found as JSON; with ``--csv`` write the files and name them."""
    dataset = load_dataset(_show_progress)
    print(file=sys.stderr)
    print(json.dumps(describe_dataset(dataset), indent=1))
    if options.csv:
        for path in write_csv(dataset, options.csv, _show_progress):
            print(path)
    return 0


def _show_progress(what: str, share: float) -> None:
    print(f"\r\x1b[K{what}: {share:.0%}", end="", file=sys.stderr, flush=True)
