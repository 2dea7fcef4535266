"""The process of the search for label issues: ``python -m fmnist.labels``.

It searches the data set of the folders that the environment names, and writes how far it is.
"""

from __future__ import annotations

import sys

from fmnist.data import load_dataset
from fmnist.errors import FmnistError
from fmnist.labels.search import open_label_search, search
from fmnist.runs.files import write_json


def main() -> int:
    """Search, and return the exit status."""
    dataset = load_dataset()
    found = open_label_search(dataset)
    try:
        search(dataset, found, found.report)
    except (FmnistError, OSError) as error:
        write_json(found.path / "search.json", {"what": "", "share": 0, "error": str(error)})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
