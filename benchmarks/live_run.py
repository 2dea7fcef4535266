"""Write the files of a run that trains, at the pace of a training, without training anything.

``python -m benchmarks.live_run RUN_ID`` makes the run in ``FMNIST_MODELS`` and goes on until it is
ended. What it writes has the form and the pace of ``fmnist/training/reporter.py``.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import time
from pathlib import Path
from typing import Final

from fmnist.runs import Recipe, Run, create_run
from fmnist.runs.layout import RunFile
from tests.support.runs import HISTORY, STEPS, write_launch, write_status

STATUS_SECONDS: Final = 0.5
STEP_SECONDS: Final = 0.2
EPOCH_SECONDS: Final = 5.0
EPOCHS: Final = 200
BATCHES: Final = 100


def write_run(run: Run) -> None:
    """Write status, steps and history of the run for as long as this process lives."""
    run.path.joinpath(RunFile.STEPS).write_text(STEPS.splitlines(keepends=True)[0])
    run.path.joinpath(RunFile.HISTORY).write_text(HISTORY.splitlines(keepends=True)[0])
    write_launch(run, alive=True)
    start = time.monotonic()
    done = 0
    for step in range(1, 1_000_000):
        seconds = time.monotonic() - start
        epoch = seconds / EPOCH_SECONDS
        loss, accuracy = 0.3 + 2 * math.exp(-epoch), 0.9 - 0.8 * math.exp(-epoch)
        row = (step * 5, epoch, loss, accuracy, 0.001, 9000, seconds)
        _append(run.path / RunFile.STEPS, *row)
        if int(epoch) > done:
            done = int(epoch)
            _append(
                run.path / RunFile.HISTORY, done, loss, accuracy, loss, accuracy, 0.001, seconds
            )
        if step % round(STATUS_SECONDS / STEP_SECONDS) == 0:
            write_status(
                run,
                "running",
                epoch=done,
                epochs=EPOCHS,
                batch=int(epoch % 1 * BATCHES),
                batches=BATCHES,
                seconds=seconds,
            )
        time.sleep(max(0.0, start + step * STEP_SECONDS - time.monotonic()))


def _append(path: Path, *values: float) -> None:
    with path.open("a", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(values)


def main() -> None:
    """Make the run and write it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run_id")
    os.nice(5)  # a training must not take the server's time in this measurement
    write_run(create_run(Recipe("baseline", epochs=EPOCHS), run_id=parser.parse_args().run_id))


if __name__ == "__main__":
    main()
