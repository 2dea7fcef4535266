"""The predictions of the kept weights of a run for validation and test images."""

from __future__ import annotations

import dataclasses
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import N_CLASSES
from fmnist.runs.arrays import Array, check_probabilities, load_arrays
from fmnist.runs.files import write_bytes_atomically


@dataclass(frozen=True, slots=True)
class Predictions:
    """The predictions of the kept weights for validation and test images.

    Attributes:
        val_index: rows of the training set, int64 ``(n,)``.
        val_true: labels, uint8 ``(n,)``.
        val_proba: float32 ``(n, 10)``.
        test_true: labels, uint8 ``(m,)``.
        test_proba: float32 ``(m, 10)``.
        test_fingerprint: fingerprint of the test set, as in ``Dataset.fingerprints["test"]``.
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
        values = load_arrays(path, _PREDICTIONS, "Restore the file or train the run again")
        for split in ("val", "test"):
            check_probabilities(path, f"{split}_proba", values[f"{split}_proba"])
        for name in ("test_fingerprint", "train_fingerprint"):
            values[name] = str(values[name])
        return cls(**values)


_PREDICTIONS: Final = {
    "val_index": Array("integer", ("n",), low=0),
    "val_true": Array("integer", ("n",), low=0, high=N_CLASSES - 1),
    "val_proba": Array("float", ("n", N_CLASSES)),
    "test_true": Array("integer", ("m",), low=0, high=N_CLASSES - 1),
    "test_proba": Array("float", ("m", N_CLASSES)),
    "test_fingerprint": Array("text", ()),
    "train_fingerprint": Array("text", ()),
}
