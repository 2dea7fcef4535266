"""Write the model card of a run, or the comparison of several, as one HTML file."""

from __future__ import annotations

import argparse
from pathlib import Path

from fmnist.runs import open_run
from fmnist.takeaway.report import write_report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="name of a finished run, for example cnn")
    parser.add_argument(
        "more", metavar="MORE", nargs="*", help="up to three more, for a comparison"
    )
    parser.add_argument("-o", "--output", metavar="FILE.html", type=Path, required=True)


def run(options: argparse.Namespace) -> int:
    """Write the file and print its name and size.

    Raises:
        RunError: a run is unknown, given twice or not finished, two were tested on different items,
            or the file can't be written.
    """
    write_report([open_run(name) for name in (options.run, *options.more)], options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e3:,.0f} kB")
    return 0
