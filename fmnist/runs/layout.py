"""The layout of a run directory: the one place where its files are named.

``docs/architecture.md`` shows the same table to people; a test compares the two. Each file has one
writer and is replaced as a whole, never edited in place.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Self

STUDIES_FOLDER: Final = ".studies"
"""Folder of the studies below the models folder; a study names the owner of its runs."""

STUDY_PLAN: Final = "study.json"
"""The file of a study that names its owner."""

STEP_COLUMNS: Final = (
    "step",
    "epoch",
    "loss",
    "accuracy",
    "learning_rate",
    "images_per_second",
    "seconds",
)
"""Columns of ``steps.csv``: means since the previous row; ``epoch`` is a fraction."""

HISTORY_COLUMNS: Final = (
    "epoch",
    "loss",
    "accuracy",
    "val_loss",
    "val_accuracy",
    "learning_rate",
    "seconds",
)
"""Columns of ``history.csv``."""


class RunFile(StrEnum):
    """A file (or folder) of a run directory: ``run.path / RunFile.STATUS``.

    Attributes:
        writer: the only process that writes it.
        phase: the phase of a run in which it is written.
        content: its content.
    """

    writer: str
    phase: str
    content: str

    def __new__(cls, file_name: str, writer: str, phase: str, content: str) -> Self:
        """Build a member whose value is the file name."""
        member = str.__new__(cls, file_name)
        member._value_ = file_name
        member.writer, member.phase, member.content = writer, phase, content
        return member

    # fmt: off
    RECIPE = "recipe.json", "launcher", "created", "all settings, to train it again; never changed"
    QUEUE = "queue.json", "launcher", "queued", "place in the queue"
    STOP = "stop", "launcher", "any", "empty; asks the worker to end after the current batch"
    NOTES = "notes.json", "page", "any", "note and tags"
    DECISION = "decision.json", "page", "any", "why the run was chosen over others"
    LOCK = "worker.lock", "worker", "running", "empty; locked while the worker lives"
    LOG = "worker.log", "worker", "running", "output of the worker"
    LAUNCH = "launch.json", "worker, then dispatcher", "started", "pid, start, host; exit code"
    STATUS = "status.json", "worker", "running", "state, phase, epoch, batch, heartbeat, error"
    PRECISION = "precision.json", "worker", "started", "number format of the steps, and why"
    STEPS = "steps.csv", "worker", "training", "a row every fifth of a second"
    HISTORY = "history.csv", "worker", "training", "one row per epoch"
    WATCH = "watch.npz", "worker", "training", "30 validation items' probabilities after each epoch"
    EVENTS = "events.out.tfevents.*", "worker", "training", "for TensorBoard; one file per attempt"
    CHECKPOINT = "checkpoint", "worker", "training", "weights, optimiser and random states"
    PROGRESS = "progress.json", "worker", "training", "in checkpoint/: which files belong together"
    MODEL = "model.keras", "worker", "training", "weights of the best validation epoch"
    ONNX = "model.onnx", "worker", "end", "the same network for ONNX Runtime, which answers with it"
    PREDICTIONS = "predictions.npz", "worker", "end", "probabilities and labels, both splits"
    REPORT = "report.json", "worker", "end", "the result; written last: its presence means finished"
    OUTSIDE = "outside.json", "bench", "any", "how often answers to outside pictures were right"
    # fmt: on
