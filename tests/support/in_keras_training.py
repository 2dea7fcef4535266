"""What the tests of whole runs ask of Keras: run in a separate process, plain values go in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from fmnist.runs import Recipe

RECIPE = Recipe(
    "baseline", epochs=4, batch_size=32, seed=3, augmentation="flip_shift", validation_share=0.2
)
"""Four epochs of 15 batches: dropout, augmentation, schedule and averaging all take part."""


def use_folders(archive: str, cache: str, models: str) -> None:
    """Let this process use these folders, and never download."""
    os.environ.update(
        FMNIST_ARCHIVE=archive, FMNIST_CACHE=cache, FMNIST_MODELS=models, FMNIST_OFFLINE="1"
    )


def keeps_float32() -> bool:
    """Import the backend as a worker does; return whether float32 is not rounded on a GPU."""
    from fmnist.training.backend import import_backend

    import_backend()
    import tensorflow as tf

    return not tf.config.experimental.tensor_float_32_execution_enabled()


def start(models: str, run_id: str, **changes: Any) -> Any:
    """Queue a run of the shared recipe, without a dispatcher."""
    from fmnist.runs import create_run

    os.environ["FMNIST_MODELS"] = models
    return create_run(Recipe.from_dict({**RECIPE.to_dict(), **changes}), run_id=run_id)


def work(run: Any, attempt: str = "attempt-1") -> int:
    """Do what ``python -m fmnist.training`` does."""
    from fmnist.runs.files import write_json
    from fmnist.runs.processes import identify_process
    from fmnist.training.__main__ import work

    write_json(run.path / "launch.json", identify_process(os.getpid(), attempt).to_dict())
    return work(run.path, attempt)


def resume(archive: str, cache: str, models: str, run_id: str) -> int:
    """Train a stopped run on in this process; return the exit code."""
    from fmnist.runs import open_run

    use_folders(archive, cache, models)
    run = open_run(run_id)
    (run.path / "stop").unlink(missing_ok=True)
    return work(run, "attempt-2")


@contextmanager
def record_statuses(path: Path) -> Iterator[None]:
    """Write every status that is reported meanwhile into a file, whether it was written or not."""
    from fmnist.training.reporter import Reporter

    update, statuses = Reporter.update, []

    def update_and_record(self: Any, **changes: Any) -> None:
        update(self, **changes)
        statuses.append(self.status.to_dict())

    with mock.patch.object(Reporter, "update", update_and_record):
        yield
    path.write_text(json.dumps(statuses))


def train_one(archive: str, cache: str, models: str, run_id: str, **changes: Any) -> None:
    """Train one run of the shared recipe with some settings changed."""
    use_folders(archive, cache, models)
    assert work(start(models, run_id, **changes)) == 0


def train_runs(archive: str, cache: str, models: str) -> None:
    """Train ``whole`` and ``again`` alike; stop ``halted`` after an epoch, ``early`` in its first.

    ``halted`` is resumed; ``broken`` meets a loss that is not a number, ``full`` a full disk.
    """
    from fmnist.training import finish, loop, optimiser
    from fmnist.training.batch_reporter import BatchReporter

    use_folders(archive, cache, models)
    assert work(start(models, "whole")) == 0
    with record_statuses(Path(models) / "again" / "statuses.json"):
        assert work(start(models, "again")) == 0

    halted = start(models, "halted")
    save = loop.save_checkpoint

    def save_and_stop(*given: Any) -> None:
        save(*given)
        halted.request_stop()

    with mock.patch.object(loop, "save_checkpoint", save_and_stop):
        assert work(halted) == 0
    (halted.path / "history-when-stopped.csv").write_bytes(
        (halted.path / "history.csv").read_bytes()
    )
    # What a worker writes in the instant it is killed: resuming must drop it.
    with (halted.path / "steps.csv").open("a") as file:
        file.write("30,1.9,9.9,0.1,0.001,100,9\n31,1.9")
    assert resume(archive, cache, models, "halted") == 0

    early = start(models, "early")
    on_batch_end = BatchReporter.on_train_batch_end

    def stop_at_once(self: Any, batch: int, logs: Any = None) -> None:
        if batch == 2:
            early.request_stop()
        on_batch_end(self, batch, logs)

    with mock.patch.object(BatchReporter, "on_train_batch_end", stop_at_once):
        assert work(early) == 0

    class NoNumber(optimiser.SmoothedCrossentropy):
        def call(self, y_true: Any, y_pred: Any) -> Any:
            return super().call(y_true, y_pred) * np.nan

    with mock.patch.object(optimiser, "SmoothedCrossentropy", NoNumber):
        assert work(start(models, "broken", label_smoothing=0.1)) == 1

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device", str(Path(models) / "full" / "report.json"))

    full = start(models, "full", epochs=1)
    with mock.patch.object(finish, "write_json", fail):
        assert work(full) == 1


def forget(models: str, run_id: str, epoch: int) -> dict[str, str]:
    """Drop what was reported after an epoch and return both tables."""
    from fmnist.runs import open_run
    from fmnist.training.reporter import Reporter

    os.environ["FMNIST_MODELS"] = models
    run = open_run(run_id)
    Reporter(run, "attempt-2", 4).forget_after(epoch)
    return {name: (run.path / name).read_text() for name in ("history.csv", "steps.csv")}
