"""The content of ``status.json`` of a run directory; only the worker writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from fmnist.runs.fields import Amount, Count, Epoch, Moment, Name, Outcome, Seconds, Share, Text
from fmnist.runs.records import Record


class Phase(StrEnum):
    """The phase of a worker, in the words that pages and the command line show."""

    STARTING = "Starting"
    LOADING = "Loading data"
    MEASURING = "Measuring the precision"
    BUILDING = "Building the network"
    TRAINING = "Training"
    FITTING = "Fitting the model"
    VALIDATING = "Validating"
    PREDICTING_VALIDATION = "Predicting the validation set"
    PREDICTING_TEST = "Predicting the test set"
    CALIBRATING = "Calibrating"
    CONVERTING = "Converting the network to ONNX"


@dataclass(frozen=True, slots=True)
class Status(Record):
    """The state of a worker, as it last wrote it.

    A page shows ``phase``, ``detail`` and ``seconds_left`` as they are, and ``progress`` as a bar;
    in phases that have no estimate yet, ``phase_progress`` moves where ``progress`` does not.

    Attributes:
        state: ``running``, ``stopped``, ``failed`` or ``finished``.
        phase: the current phase, one of ``Phase``; the state once it is over.
        attempt: which start of a worker this belongs to, as in ``launch.json``.
        epoch: epochs completed.
        epochs: epochs the recipe allows.
        batch: batches done in the current epoch.
        batches: batches in an epoch.
        images_per_second: pace of the training over the last seconds.
        seconds: training time so far, pauses between resumes not counted.
        heartbeat: seconds since the epoch when this was written.
        error: one line, in words, when it failed.
        detail: where in the phase it is, for example ``float32, step 4 of 11``; often empty.
        phase_progress: share of the current phase done, 0 to 1; None if unknown.
        share: share of the whole run's work done, every phase weighted by its measured pace, 0 to
            1; None before anything was measured, and in files of older versions.
        seconds_left: time until the run is finished, validation, predictions and calibration
            included; an upper bound where early stopping may end it; None like ``share``.
        phase_seconds: how long this worker has spent in each phase so far, by ``Phase``; empty in
            files of older versions.
    """

    state: Outcome
    phase: Name
    attempt: Name
    epoch: Epoch = 0
    epochs: Epoch = 0
    batch: Count = 0
    batches: Count = 0
    images_per_second: Amount = 0.0
    seconds: Seconds = 0.0
    heartbeat: Moment = 0.0
    error: Text | None = None
    detail: Name = ""
    phase_progress: Share | None = None
    share: Amount | None = None
    seconds_left: Seconds | None = None
    phase_seconds: dict[Name, Seconds] = field(default_factory=dict)

    @property
    def progress(self) -> float:
        """Share of the run done, 0 to 1: of its work, or of its batches while paces are unknown."""
        if self.share is not None:
            return min(1.0, max(0.0, self.share))
        if not self.epochs or not self.batches:
            return 0.0
        return min(1.0, (self.epoch + self.batch / self.batches) / self.epochs)
