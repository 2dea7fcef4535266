"""Measure the pages that list runs with many run directories.

The directories are copies of a shipped run's small files, each with a name and a time of its own;
every tenth one was stopped. A page is run without a browser (Streamlit's AppTest): what is measured
is its script, first in a process that has read none of the runs, then again: processor seconds,
which do not grow with what else the machine does.

``python -m benchmarks.many_runs 500 10000`` prints a row a page.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from fmnist.runs import list_all_runs, load_summary
from fmnist.runs.files import encode_json
from fmnist.runs.layout import RunFile
from fmnist.settings import PROJECT_DIR

SMALL = (RunFile.REPORT, RunFile.HISTORY, RunFile.NOTES)
PAGES = ("overview", "train", "runs")
ROUNDS = 5


def write_runs(models: Path, count: int) -> None:
    """Write run directories, the newest last."""
    source = PROJECT_DIR / "models" / "compact"
    recipe = json.loads((source / RunFile.RECIPE).read_text())
    small = {name: (source / name).read_bytes() for name in SMALL if (source / name).exists()}
    for number in range(count):
        folder = models / f"run-{number:05d}"
        folder.mkdir(parents=True)
        values = recipe | {"created": 1.7e9 + 60 * number, "seed": number}
        (folder / RunFile.RECIPE).write_bytes(encode_json(values))
        for name, content in small.items():
            if number % 10 or name != RunFile.REPORT:
                (folder / name).write_bytes(content)
        if number % 10 == 0:
            (folder / RunFile.STOP).touch()


def measure_listing() -> dict[str, float]:
    """Return seconds: the runs and their summaries, read first and read again."""
    seconds = {}
    for when in ("first", "again"):
        start = time.process_time()
        runs = list_all_runs()
        listed = time.process_time()
        for run in runs:
            load_summary(run)
        seconds[f"list_{when}"] = listed - start
        seconds[f"summaries_{when}"] = time.process_time() - listed
    return seconds


def measure_page(page: str) -> dict[str, float]:
    """Return seconds of a page's script in this process: the first time, and the median after."""
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=300)
    seconds = []
    for number in range(ROUNDS + 1):
        start = time.process_time()
        app = app.run()
        if number == 0 and page != PAGES[0]:  # the first one is opened at startup
            app = app.switch_page(f"pages/{page}.py").run()
        seconds.append(time.process_time() - start)
        assert not app.exception, app.exception
    return {"first": seconds[0], "again": statistics.median(seconds[1:])}


def measure(models: Path) -> dict[str, dict[str, float]]:
    """Measure each page, and the listing alone, in a process of its own."""
    rows: dict[str, dict[str, float]] = {}
    for what in ("listing", *PAGES):
        answer = subprocess.run(
            [sys.executable, "-m", "benchmarks.many_runs", "--only", what],
            env=os.environ | {"FMNIST_MODELS": str(models)},
            capture_output=True,
            text=True,
            check=True,
        )
        rows[what] = json.loads(answer.stdout.splitlines()[-1])
    return rows


def main() -> None:
    """Write the runs and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[500, 10_000])
    parser.add_argument("--only", help="measure one thing in FMNIST_MODELS as it is")
    given = parser.parse_args()
    if given.only:
        result: Any = measure_listing() if given.only == "listing" else measure_page(given.only)
        print(json.dumps(result))
        return
    for count in given.counts:
        models = Path(tempfile.mkdtemp(prefix="many-runs-"))
        try:
            write_runs(models, count)
            for what, seconds in measure(models).items():
                figures = "  ".join(f"{name} {value:.3f} s" for name, value in seconds.items())
                print(f"{count:6,d} runs  {what:9s} {figures}", flush=True)
        finally:
            shutil.rmtree(models, ignore_errors=True)


if __name__ == "__main__":
    main()
