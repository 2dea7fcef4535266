"""The process of a map: ``python -m fmnist.embedding RUN METHOD SPLIT``.

It computes the map of a run in the folders set by environment variables, and writes its progress.
"""

from __future__ import annotations

import sys
from typing import cast

from filelock import FileLock

from fmnist.data import load_dataset
from fmnist.data.dataset import SplitName
from fmnist.embedding.store import MapRequest, load_embedding, open_embedding
from fmnist.inference import InferencePool
from fmnist.runs import open_run
from fmnist.runs.computation import Report


def main(run_id: str, method: str, split: str) -> int:
    """Compute the map, and return the exit status."""
    request = MapRequest(open_run(run_id), load_dataset(), method, cast("SplitName", split))
    store = open_embedding(request)

    def compute(report: Report) -> None:
        report("Waiting for another map", 0.0)
        with FileLock(store.path.parent / ".lock"):  # each uses all cores
            load_embedding(InferencePool(), request, report)

    return store.work(compute)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
