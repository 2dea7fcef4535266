"""The worker: ``python -m fmnist.training RUN_DIR ATTEMPT`` trains one run and ends.

TensorFlow is imported before anything else: on macOS it hangs when pandas came first
(streamlit issue 8974, keras issue 23083), and nothing here needs pandas or Streamlit.
"""

from __future__ import annotations

import tensorflow as tf  # isort: skip

import os
import sys
import traceback
from pathlib import Path

from fmnist import settings
from fmnist.data import load_dataset
from fmnist.errors import FmnistError
from fmnist.runs import open_run
from fmnist.training.finish import write_result
from fmnist.training.loop import train
from fmnist.training.reporter import Reporter, StopRequestedError


def explain_error(error: BaseException) -> str:
    """Return one line, in words, for a person who sees that the run failed."""
    if isinstance(error, FmnistError):
        return str(error)
    if isinstance(error, MemoryError | tf.errors.ResourceExhaustedError):
        return "The memory ran out. Try half the batch size, or close other programs."
    if isinstance(error, OSError):
        where = error.filename or settings.models_dir()
        return (
            f"{where} can't be read or written: {error.strerror or error}. Free space, then resume."
        )
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"


def work(path: Path, attempt: str) -> int:
    """Train the run in ``path`` and return the exit status: 0 unless it failed."""
    os.environ["FMNIST_MODELS"] = str(path.parent)
    run = open_run(path.name)
    reporter = Reporter(run, attempt, run.recipe.epochs)
    reporter.listen()
    try:
        reporter.enter("loading the data")
        dataset = load_dataset()
        network, progress = train(run, dataset, reporter)
        report = write_result(run, dataset, reporter, network, progress)
    except StopRequestedError:
        reporter.update(now=True, state="stopped", phase="stopped")
        print("Stopped as asked.", flush=True)
        return 0
    # The boundary of the process: whatever went wrong is told in the run directory.
    except BaseException as error:  # noqa: BLE001
        traceback.print_exc()
        reporter.update(now=True, state="failed", phase="failed", error=explain_error(error))
        return 1
    reporter.update(now=True, state="finished", phase="finished")
    print(f"Finished: {report.test['accuracy']:.2%} on the test set.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(work(Path(sys.argv[1]).resolve(), sys.argv[2]))
