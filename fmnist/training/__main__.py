"""The worker: ``python -m fmnist.training RUN_DIR ATTEMPT`` trains one run and ends.

It first claims the run, so that no other worker trains it, and records its process. Only then does
it import its Keras backend, which takes seconds; a classical model needs none.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path

from fmnist.errors import FmnistError, is_disk_full, is_memory_error
from fmnist.runs import Phase, Run, open_run
from fmnist.runs.classical import CLASSICAL, FIT_THREAD
from fmnist.runs.files import remove_leftovers, write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.processes import TRY_AGAIN_EXIT_CODE, RunBusyError, claim_run, identify_process
from fmnist.training.backend import import_backend


def explain_error(error: BaseException, path: Path) -> str:
    """Return a one-line message for the page of a failed run.

    Args:
        error: the error that ended it.
        path: the run directory, named if the error names no file.
    """
    if isinstance(error, FmnistError):
        return str(error)
    if is_memory_error(error):
        return (
            "The memory ran out. Try half the batch size in a new run, or for a classical model a "
            "smaller data share; or close other programs and resume this one."
        )
    if isinstance(error, OSError):
        where = error.filename or path
        what = f"{where} can't be read or written: {error.strerror or error}."
        full = is_disk_full(error)
        return f"{'The disk is full: ' if full else ''}{what} Free space, then resume."
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}"


def work(path: Path, attempt: str) -> int:
    """Train the run in ``path`` and return the exit status: 0 unless it failed."""
    os.environ["FMNIST_MODELS"] = str(path.parent)
    try:
        with claim_run(path):
            run = open_run(path.name)
            launch = run.load_launch()
            is_taken = launch is not None and launch.attempt != attempt
            # During the wait for the lock, the run left the queue or another worker trained it.
            if run.is_stop_requested or run.report_path.exists() or is_taken:
                return 0
            remove_leftovers(path)
            try:
                write_json(path / RunFile.LAUNCH, identify_process(os.getpid(), attempt).to_dict())
            except OSError as error:
                print(explain_error(error, path), flush=True)
                return TRY_AGAIN_EXIT_CODE
            return _train(run, attempt)
    except RunBusyError as error:
        print(f"{error} This one ends.", flush=True)
        return TRY_AGAIN_EXIT_CODE


def _train(run: Run, attempt: str) -> int:
    from fmnist.training.reporter import Reporter, RunGoneError, StopRequestedError

    reporter = Reporter(run, attempt, run.recipe.epochs)
    try:
        # No stop request is checked yet, so stopping the run now ends the process.
        if run.recipe.network in CLASSICAL:
            # scikit-learn's threads would busy-wait for each other, which made gradient boosting
            # five times slower on a busy machine. The library reads this variable when loaded.
            os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
            from fmnist.training.classical import train
        else:
            import_backend()
            from fmnist.training.loop import train
        from fmnist.data import load_dataset
        from fmnist.training.finish import write_result

        reporter.listen()
        reporter.enter(Phase.LOADING)
        dataset = load_dataset()
        trained = train(run, dataset, reporter)
        report = write_result(run, dataset, reporter, trained)
    except StopRequestedError:
        reporter.conclude("stopped")
        print("Stopped on request.", flush=True)
        return 0
    except RunGoneError as error:
        print(f"{error} There is nothing left to train.", flush=True)
        return 1
    # Process boundary: every error is reported in the run directory.
    except BaseException as error:  # noqa: BLE001
        with suppress(RunGoneError):
            reporter.conclude("failed", explain_error(error, run.path))
        traceback.print_exc()
        return 1
    reporter.conclude("finished")
    print(f"Finished: {report.test['accuracy']:.2%} on the test set.", flush=True)
    return 0


if __name__ == "__main__":
    code = work(Path(sys.argv[1]).resolve(), sys.argv[2])
    if any(thread.name == FIT_THREAD for thread in threading.enumerate()):
        # A stopped fit continues in its thread, on which Python's normal exit would abort.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
