"""What the files of a run directory hold."""

from __future__ import annotations

import dataclasses
import io
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from zipfile import BadZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

from fmnist.errors import RunError
from fmnist.runs.files import load_json, write_bytes_atomically


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
            problem, _, place = str(error).replace("`", "").partition(" - at $.")
            where = f"{place}: " if place else ""
            raise RunError(
                f"{source} can't be used: {where}{problem}. Restore the file or delete the run."
            ) from error

    @classmethod
    def load(cls, path: Path) -> Self | None:
        """Read the record from a file, or return None where there is no such file.

        Raises:
            RunError: the file can't be read or used; the message names it.
        """
        values = load_json(path)
        return None if values is None else cls.from_dict(values, path)


@dataclass(frozen=True, slots=True)
class Launch(Record):
    """Which process was started for a run, and how it ended.

    A pid is reused; a pid with its start time on one host is not.

    Attributes:
        attempt: a random name, new each time a worker is started for the run.
        pid: process id.
        started: seconds since the epoch, as reported by the operating system.
        host: name of the machine.
        exit_code: what the process returned, negative for the signal that killed it; None
            while it lives, or if no dispatcher was running when it ended.
        since_boot: seconds from the machine's start to the process's, which no change of the
            clock moves; None where the system does not provide it.
    """

    attempt: str
    pid: int
    started: float
    host: str
    exit_code: int | None = None
    since_boot: float | None = None


@dataclass(frozen=True, slots=True)
class LayerRecord(Record):
    """One layer of a network as the page draws it.

    Attributes:
        name: the layer's name in the network.
        kind: Keras class, for example ``Conv2D``.
        detail: its settings in words, for example ``32 filters, 3×3, same``.
        output_shape: without the batch axis.
        parameters: number of weights, moving statistics included.
        reason: why the layer is there and is as it is.
        block: name of the residual block it belongs to, for example ``2.1`` (stage 2, block 1);
            empty for layers outside residual blocks.
        role: its place in the block: ``main`` (the branch that learns, and the activation after
            the sum), ``gate`` (squeeze and excitation), ``shortcut`` or ``add`` (where the two
            join). A block without ``shortcut`` layers passes its input on as it is.
        inputs: names of the layers whose output it takes; empty for the input layer.
    """

    name: str
    kind: str
    detail: str
    output_shape: tuple[int, ...]
    parameters: int
    reason: str
    block: str = ""
    role: str = "main"
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report(Record):
    """The result of a finished run.

    Attributes:
        network: its name.
        parameters: how many numbers the network holds.
        seed: the recipe's.
        best_epoch: the epoch, from 1, whose weights were kept: the best validation accuracy.
        epochs_run: epochs completed.
        n_train: images trained on; likewise ``n_validation`` and ``n_test``.
        validation: ``{"accuracy": …, "loss": …}`` of the kept weights.
        test: the same on the test set, read once, when the run was done.
        data: label, kind and fingerprints of the data set.
        seconds: training time in seconds, evaluation not counted.
        hardware: processor, cores, memory, accelerator.
        versions: of Python, Keras, TensorFlow, NumPy.
        git_commit: of the program, or None outside a checkout.
        created: ISO 8601, UTC.
        command: the command line that repeats the run.
        precision: in what numbers the steps were computed, ``float32`` or ``mixed_bfloat16``.
        flipped: as ``validation`` and ``test``, for the mean of the probabilities of each image
            and its mirror image; reported separately, since it needs two predictions.
        edits: hash of the edits to the training data, empty where there were none.
        peak_memory_mb: the most memory that the training process had in use; 0 if unknown.
        calibration: what its answers to pictures from outside are worth, as
            ``fmnist.training.calibrate`` measures it; empty in runs older than that.
    """

    network: str
    parameters: int
    seed: int
    best_epoch: int
    epochs_run: int
    n_train: int
    n_validation: int
    n_test: int
    validation: dict[str, float]
    test: dict[str, float]
    data: dict[str, Any]
    seconds: float
    hardware: dict[str, Any]
    versions: dict[str, str]
    created: str
    command: str
    git_commit: str | None = None
    precision: str = "float32"
    flipped: dict[str, dict[str, float]] = field(default_factory=dict)
    edits: str = ""
    peak_memory_mb: float = 0.0
    calibration: dict[str, Any] = field(default_factory=dict)

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


@dataclass(frozen=True, slots=True)
class Predictions:
    """What the kept weights say about validation and test images.

    Attributes:
        val_index: rows of the training set, int64 ``(n,)``.
        val_true: labels, uint8 ``(n,)``.
        val_proba: float32 ``(n, 10)``.
        test_true: labels, uint8 ``(m,)``.
        test_proba: float32 ``(m, 10)``.
        test_fingerprint: which test set it was, as in ``Dataset.fingerprints["test"]``.
        train_fingerprint: likewise for the training set.
    """

    val_index: NDArray[np.int64]
    val_true: NDArray[np.uint8]
    val_proba: NDArray[np.float32]
    test_true: NDArray[np.uint8]
    test_proba: NDArray[np.float32]
    test_fingerprint: str
    train_fingerprint: str

    def save(self, path: Path) -> None:
        """Write ``predictions.npz`` atomically."""
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        np.savez_compressed(buffer, **arrays)
        write_bytes_atomically(path, buffer.getvalue())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``predictions.npz``.

        Raises:
            RunError: the file is broken or incomplete; the message names it.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                values = {f.name: arrays[f.name] for f in dataclasses.fields(cls)}
        except (OSError, ValueError, KeyError, BadZipFile, EOFError, zlib.error) as error:
            raise RunError(
                f"{path} can't be read: {error}. Restore the file or train the run again."
            ) from error
        for name in ("test_fingerprint", "train_fingerprint"):
            values[name] = str(values[name])
        return cls(**values)
