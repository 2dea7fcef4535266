"""Measure the first load of the CSV files, every check included, beside a bare pandas.read_csv.

Both read the same two files in a fresh process, in turns, with their own library imported before
the clock starts. ``ours`` finds the files, hashes them, parses and checks each cell, computes the
fingerprints and writes the cache; ``pandas`` only parses. ``warm`` is a second start.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from fmnist.settings import PROJECT_DIR

_OURS = """
import time, polars
from fmnist.data import load_dataset
start = time.perf_counter()
load_dataset(download=False)
print(time.perf_counter() - start)
"""

_PANDAS = """
import os, time, pandas
from pathlib import Path
folder = Path(os.environ["FMNIST_ARCHIVE"])
start = time.perf_counter()
for name in ("fashion-mnist_train.csv", "fashion-mnist_test.csv"):
    pandas.read_csv(folder / name)
print(time.perf_counter() - start)
"""

_WARM = _OURS.replace(", polars", "")


def measure(rounds: int = 5) -> list[dict[str, Any]]:
    """Return one row for each of ``ours``, ``pandas`` and ``warm``, with seconds and ratio.

    The files are written from the data set at hand: 60,000 + 10,000 rows on the real one.
    """
    from fmnist.data import load_dataset, write_csv

    dataset = load_dataset(download=False)
    seconds: dict[str, list[float]] = {"ours": [], "pandas": [], "warm": []}
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        write_csv(dataset, archive)
        for number in range(rounds):
            cache = Path(folder) / f"cache-{number}"
            seconds["pandas"].append(_time(_PANDAS, archive, cache))
            seconds["ours"].append(_time(_OURS, archive, cache))
            seconds["warm"].append(_time(_WARM, archive, cache))
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    return [
        {
            "what": name,
            "rows": len(dataset.y_train) + len(dataset.y_test),
            "median_s": round(medians[name], 4),
            "min_s": round(min(values), 4),
            "max_s": round(max(values), 4),
            "rounds": rounds,
            "ratio_to_pandas": round(medians[name] / medians["pandas"], 4),
        }
        for name, values in seconds.items()
    ]


def _time(code: str, archive: Path, cache: Path) -> float:
    environment = os.environ | {
        "FMNIST_ARCHIVE": str(archive),
        "FMNIST_CACHE": str(cache),
        "FMNIST_OFFLINE": "1",
    }
    process = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_DIR,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return float(process.stdout)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rows = measure(parser.parse_args().rounds)
    print(f"{rows[0]['rows']:,} rows, {rows[0]['rounds']} rounds, seconds")
    print(f"{'':8}{'median':>9}{'min':>9}{'max':>9}{'ratio':>9}")
    for row in rows:
        figures = (row["median_s"], row["min_s"], row["max_s"], row["ratio_to_pandas"])
        print(f"{row['what']:8}" + "".join(f"{figure:9.3f}" for figure in figures))


if __name__ == "__main__":
    main()
