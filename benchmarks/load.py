"""Measure the app under load: what fifty people at once get, and what it costs in memory.

A real server answers sessions of ``load_client.py``. Each scenario is a function of
``load_scenarios.py``:

* ``hammer``: fifty sessions open pages one after the other, without thinking;
* ``class``: fifty sessions think 4 to 12 s between two pages;
* ``watchers``: fifty sessions watch one run that trains; meanwhile newcomers open Overview;
* ``uploads``: twenty-five sessions upload one picture each at the same moment;
* ``many_runs``: one session opens Overview, Train and Runs with 500 runs in the folder;
* ``sessions``: a thousand sessions open Overview and leave, one after the other.

Memory is the resident size of the web process after each scenario. Client and server share the
machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.load_scenarios import SCENARIOS, Load, warm_up
from fmnist.settings import PROJECT_DIR
from tests.support.server import Folders, LabServer, copy_models, find_real_archive, train_tiny_run

TARGETS: Final = {
    "hammer: pages/s": (">=", 20.0),
    "hammer: page p95 (s)": ("<=", 4.0),
    "class: page p95 (s)": ("<=", 0.8),
    "watchers: redraw p95 (s)": ("<=", 1.5),
    "watchers: newcomer's page, worst (s)": ("<=", 3.0),
    "uploads: p95 (s)": ("<=", 1.0),
    "many_runs: Overview (s)": ("<=", 0.3),
    "many_runs: Train (s)": ("<=", 0.3),
    "many_runs: Runs (s)": ("<=", 0.3),
    "sessions: growth over the last half (MB)": ("<=", 30.0),
    "memory at the end (MB)": ("<=", 600.0),
}


async def run_scenarios(load: Load, names: list[str]) -> None:
    """Run scenarios one after the other, each line printed as soon as it is known."""
    start = time.perf_counter()
    await warm_up(load)
    print(f"{'warmed up':42}{time.perf_counter() - start:9.2f} s", flush=True)
    for name in names:
        known = set(load.figures)
        await SCENARIOS[name](load)
        load.figures[f"{name}: memory after (MB)"] = load.memory()
        for figure in load.figures:
            if figure not in known:
                print(describe(figure, load.figures[figure]), flush=True)
    load.figures["memory at the end (MB)"] = load.memory()
    print(describe("memory at the end (MB)", load.memory()))


def describe(figure: str, value: float) -> str:
    """Return the line of the table."""
    if figure not in TARGETS:
        return f"{figure:42}{value:9.2f}"
    sign, limit = TARGETS[figure]
    holds = value <= limit if sign == "<=" else value >= limit
    return f"{figure:42}{value:9.2f}  {sign} {limit:g}: {'holds' if holds else 'MISSED'}"


def main() -> None:
    """Start the server, run the scenarios and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenarios", nargs="*", default=list(SCENARIOS), help="default: all")
    parser.add_argument("--quick", action="store_true", help="about a minute for all of them")
    options = parser.parse_args()
    if unknown := set(options.scenarios) - set(SCENARIOS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(SCENARIOS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server must not outlive this
    data = "real set" if find_real_archive() else "demo set"
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{data}, {os.cpu_count()} cores, load {load:.1f} before the measurement", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        folders = Folders(find_real_archive() or base / "archive", base / "cache", base / "models")
        folders.models.mkdir()
        copy_models(PROJECT_DIR / "models", folders.models)
        if not any(folders.models.iterdir()):
            train_tiny_run(folders)
        server = LabServer(folders, base / "server.log")
        try:
            server.start()
            asyncio.run(run_scenarios(Load(server, folders, options.quick), options.scenarios))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
