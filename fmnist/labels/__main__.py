"""The process of the search for label issues: ``python -m fmnist.labels``.

It searches the data set in the folders set by environment variables, and writes its progress.
"""

from __future__ import annotations

import sys

from fmnist.data import load_dataset
from fmnist.labels.search import open_label_search, search


def main() -> int:
    """Search, and return the exit status."""
    dataset = load_dataset()
    found = open_label_search(dataset)
    return found.work(lambda report: search(dataset, found, report))


if __name__ == "__main__":
    sys.exit(main())
