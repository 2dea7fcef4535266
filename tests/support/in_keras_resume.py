"""Runs that are interrupted in the worst moments, in the process of the tests that has Keras."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from unittest import mock

from fmnist.runs import Run, open_run
from tests.support.in_keras_training import resume, start, use_folders, work


def interrupt_twice(archive: str, cache: str, models: str) -> list[str]:
    """Run out of memory in the second epoch, resume, stop in the third, resume; return the words.

    Both come in the middle of an epoch, whose batches so far are lost and trained again.
    """
    from fmnist.training.batch_reporter import BatchReporter

    use_folders(archive, cache, models)
    run = start(models, "twice")
    on_batch_end = BatchReporter.on_train_batch_end

    def at(epochs_done: int, act: Any) -> Any:
        def on_train_batch_end(self: Any, batch: int, logs: Any = None) -> None:
            if batch == 7 and len(run.load_history().get("epoch", ())) == epochs_done:
                act()
            on_batch_end(self, batch, logs)

        return mock.patch.object(BatchReporter, "on_train_batch_end", on_train_batch_end)

    def run_out() -> None:
        raise MemoryError

    words = []
    with at(1, run_out):
        assert work(run) == 1
    words.append(describe(run))
    with at(2, run.request_stop):
        assert resume(archive, cache, models, "twice") == 0
    words.append(describe(run))
    assert resume(archive, cache, models, "twice") == 0
    words.append(describe(run))
    return words


def end_between_model_and_checkpoint(archive: str, cache: str, models: str) -> bool:
    """Die after ``model.keras`` of the second epoch, before its checkpoint, and cut the model.

    Returns:
        Whether the model was ahead of the checkpoint before it was cut, as a power cut does.
    """
    from fmnist.training import loop

    use_folders(archive, cache, models)
    run = start(models, "ahead")
    save = loop.save_checkpoint

    def save_first_only(folder: Path, trainer: Any, progress: Any) -> None:
        if progress.epoch == 2:
            raise KeyboardInterrupt
        save(folder, trainer, progress)

    with mock.patch.object(loop, "save_checkpoint", save_first_only):
        assert work(run) == 1
    model, best = run.path / "model.keras", run.path / "checkpoint" / "best-0001.keras"
    was_ahead = model.read_bytes() != best.read_bytes()
    model.write_bytes(b"")  # another file than the checkpoint's: it must not be touched by this
    assert resume(archive, cache, models, "ahead") == 0
    return was_ahead


def run_out_of_memory(models: str) -> str:
    """Return the message when TensorFlow runs out of memory."""
    import tensorflow as tf

    from fmnist.training import loop

    def fail(*_: Any) -> None:
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")

    run = start(models, "exhausted")
    with mock.patch.object(loop, "train", fail):
        assert work(run) == 1
    return describe(run)


def describe(run: Run) -> str:
    """Return how a run ended."""
    status = open_run(run.run_id).load_status()
    return f"{status.state}: {status.error}" if status.error else status.state
