"""The content of the files of a run directory."""

from __future__ import annotations

import dataclasses
import re
import reprlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import msgspec

from fmnist.errors import RunError
from fmnist.runs.fields import (
    Amount,
    Calibration,
    Count,
    Date,
    Epoch,
    ExitCode,
    Hardware,
    Metrics,
    Moment,
    Name,
    Pid,
    Positive,
    Seconds,
    Text,
)
from fmnist.runs.file_cache import read_cached
from fmnist.runs.files import load_json
from fmnist.runs.migration import migrate_report

_PLACE: Final = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
"""A step of msgspec's path to a field, such as ``.test`` or ``[3]``."""


class Record:
    """A dataclass that is stored as a JSON object; fields added by a newer version are ignored."""

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return dataclasses.asdict(self)  # type: ignore[call-overload, no-any-return]

    @classmethod
    def from_dict(cls, values: dict[str, Any], source: Path | str = "The record") -> Self:
        """Build the record from JSON values and check their types.

        Args:
            values: the JSON object.
            source: the file that it was read from.

        Raises:
            RunError: a field is missing or has another type; the message names file and field.
        """
        try:
            return msgspec.convert(values, cls)
        except msgspec.ValidationError as error:
            raise RunError(
                f"{source} can't be used: {_explain(error, values)}. Restore the file or delete "
                "the run."
            ) from error

    @classmethod
    def load(cls, path: Path) -> Self | None:
        """Read the record from a file, or return None if there is no such file.

        Raises:
            RunError: the file can't be read or used; the message names it.
        """
        return read_cached(path, cls.__name__, cls._read)

    @classmethod
    def _read(cls, path: Path) -> Self | None:
        values = load_json(path)
        return None if values is None else cls.from_dict(cls._migrate(values), path)

    @classmethod
    def _migrate(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of a file of an older version under the current names."""
        return values


def _explain(error: msgspec.ValidationError, values: dict[str, Any]) -> str:
    """Return the problem, with the field and its value if msgspec names the field."""
    problem, _, place = str(error).replace("`", "").partition(" - at $")
    steps = [name or int(row) for name, row in _PLACE.findall(place)]
    if not steps or "..." in steps:
        return problem
    value: Any = values
    try:
        for step in steps:
            value = value[step]
    except (LookupError, TypeError):
        return f"{place.lstrip('.')}: {problem}"
    return f"{place.lstrip('.')} is {reprlib.repr(value)}: {problem}"


@dataclass(frozen=True, slots=True)
class Launch(Record):
    """The process that was started for a run, and how it ended.

    A pid is reused; a pid with its start time on one host is not.

    Attributes:
        attempt: a random name, new each time a worker is started for the run.
        pid: process id.
        started: seconds since the epoch, as reported by the operating system.
        host: name of the machine.
        exit_code: what the process returned, negative for the signal that killed it; None
            while it lives, or if no dispatcher was running when it ended.
        since_boot: seconds from the machine's start to the process's, which no change of the
            clock moves; None if the system does not provide it.
    """

    attempt: Name
    pid: Pid
    started: Moment
    host: Name
    exit_code: ExitCode | None = None
    since_boot: Seconds | None = None


@dataclass(frozen=True, slots=True)
class PrecisionChoice(Record):
    """The precision of a run's steps.

    Attributes:
        precision: ``float32`` or ``mixed_bfloat16``.
        reason: why it was chosen, in a sentence.
    """

    precision: Name
    reason: Text = ""


@dataclass(frozen=True, slots=True)
class Report(Record):
    """The result of a finished run.

    Attributes:
        network: the name of the network.
        parameters: number of parameters of the network.
        seed: the seed of the recipe.
        best_epoch: the epoch, from 1, whose weights were kept: that of the best validation
            accuracy, or the last if nothing was validated.
        epochs_run: epochs completed.
        n_train: number of training images; likewise ``n_validation`` and ``n_test``.
        validation: ``{"accuracy": …, "loss": …}`` of the kept weights; None if nothing was
            validated.
        test: the same on the test set, read once, when the run was done.
        data: label, kind and fingerprints of the data set.
        seconds: training time in seconds, evaluation not counted.
        hardware: processor, cores, memory, accelerator.
        versions: the versions of Python, Keras, TensorFlow, NumPy.
        git_commit: the commit of the program, or None outside a checkout.
        created: ISO 8601, UTC.
        command: the command line that repeats the run.
        precision: the float type of the steps, ``float32`` or ``mixed_bfloat16``.
        flipped: as ``validation`` and ``test``, for the mean of the probabilities of each image
            and its mirror image; reported separately, since it needs two predictions.
        edits: hash of the edits to the training data, empty if there were none.
        peak_memory_mb: the most memory that the training process had in use; 0 if unknown.
        calibration: how reliable its predictions for outside pictures are, as
            ``fmnist.training.calibrate`` measures it; empty in older runs, and if there were no
            validation images to measure it on.
        milliseconds_per_image: time to classify one image with ``model.onnx`` on one core of
            ``hardware``; 0 if unknown.
    """

    network: Name
    parameters: Count
    seed: Count
    best_epoch: Epoch
    epochs_run: Epoch
    n_train: Positive
    n_validation: Count
    n_test: Positive
    validation: Metrics | None
    test: Metrics
    data: dict[Name, Name]
    seconds: Seconds
    hardware: Hardware
    versions: dict[Name, Name]
    created: Date
    command: Text
    git_commit: Name | None = None
    precision: Name = "float32"
    flipped: dict[Name, Metrics] = field(default_factory=dict)
    edits: Name = ""
    peak_memory_mb: Amount = 0.0
    calibration: Calibration = field(default_factory=Calibration)
    milliseconds_per_image: Amount = 0.0

    @classmethod
    def _migrate(cls, values: dict[str, Any]) -> dict[str, Any]:
        return migrate_report(values)

    @property
    def validation_accuracy(self) -> float | None:
        """On the validation images, 0 to 1; None if nothing was validated."""
        return None if self.validation is None else self.validation["accuracy"]

    @property
    def data_name(self) -> str:
        """Name of the data set that the run was trained and tested on."""
        return "demo set" if self.data.get("kind") == "demo" else "Fashion-MNIST"

    @property
    def machine(self) -> str:
        """The accelerators it was trained on, else the processor and its number of cores."""
        if accelerators := self.hardware.get("accelerators"):
            return ", ".join(accelerators)
        processor, cores = self.hardware.get("processor"), self.hardware.get("cores")
        return f"{processor}, {cores} cores" if processor else ""
