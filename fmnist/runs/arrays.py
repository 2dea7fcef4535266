"""Reads the arrays of an ``.npz`` file that may be damaged or untrusted.

Everything is checked before unpacking: a zip of a few kilobytes may expand to gigabytes, and a
header may declare an array of any shape.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from fmnist import settings
from fmnist.errors import RunError
from fmnist.regular_file import read_regular_file
from fmnist.runs.files import explain_failure

_KINDS: Final = {"integer": "iu", "float": "f", "text": "U"}
"""NumPy's one-letter kinds of data types, by the name of a kind."""

_MAX_MEMBERS: Final = 64
_SUM_TOLERANCE: Final = 0.01
"""Probabilities of 16-bit numbers add up to 1 within a hundredth."""


@dataclass(frozen=True, slots=True)
class Array:
    """The requirements of an array.

    Attributes:
        kind: the kind of its numbers; ``text`` is one text of at most 255 characters.
        shape: lengths, or letters that stand for the same length in all arrays of the file.
        low, high: range of the numbers, inclusive; never includes NaN and infinity.
    """

    kind: Literal["integer", "float", "text"]
    shape: tuple[int | str, ...]
    low: float = -math.inf
    high: float = math.inf


def load_arrays(path: Path, arrays: Mapping[str, Array], remedy: str) -> dict[str, Any]:
    """Read the named arrays of an ``.npz`` file, each checked; others in it are ignored.

    Args:
        path: the file.
        arrays: the required arrays, by name.
        remedy: what to do if the file can't be used, without a full stop.

    Raises:
        RunError: the file can't be read, lacks an array, or one is not as described; the message
            names the file and the reason.
    """
    try:
        content = io.BytesIO(read_regular_file(path, settings.MAX_ARRAY_BYTES))
        with zipfile.ZipFile(content) as packed:
            members = {member.filename: member for member in packed.infolist()}
            size = sum(member.file_size for member in members.values())
            if size > settings.MAX_ARRAY_BYTES or len(packed.infolist()) > _MAX_MEMBERS:
                raise ValueError(f"it unpacks to {size:,} bytes in {len(members)} parts")  # noqa: TRY301
            lengths: dict[str, int] = {}
            return {
                name: _read(packed, members, name, wanted, lengths)
                for name, wanted in arrays.items()
            }
    # The readers of zip, zlib and NumPy's format raise about ten kinds of errors.
    except Exception as error:
        raise RunError(f"{path} can't be read: {explain_failure(error)}. {remedy}.") from error


def check_probabilities(path: Path, name: str, proba: NDArray[np.floating]) -> None:
    """Check that the last axis of an array holds probabilities.

    Raises:
        RunError: a number is not between 0 and 1, or a row does not add up to 1.
    """
    sums = proba.sum(axis=-1, dtype=np.float64)
    is_sound = (proba >= 0).all() and (np.abs(sums - 1) <= _SUM_TOLERANCE).all()  # NaN is neither
    if not is_sound:
        raise RunError(
            f"{path} can't be used: {name} holds numbers that aren't probabilities. Restore the "
            "file or train the run again."
        )


def _read(
    packed: zipfile.ZipFile,
    members: Mapping[str, zipfile.ZipInfo],
    name: str,
    wanted: Array,
    lengths: dict[str, int],
) -> NDArray[Any]:
    member = members.get(f"{name}.npy")
    if member is None:
        raise ValueError(f"it lacks the array {name}")
    with packed.open(member) as file:
        content = io.BytesIO(file.read(member.file_size))
    _check_header(content, name, wanted, lengths)
    content.seek(0)
    array: NDArray[Any] = np.load(content, allow_pickle=False)
    if wanted.kind != "text" and array.size:
        low, high = array.min(), array.max()
        if not (math.isfinite(low) and math.isfinite(high)):
            raise ValueError(f"{name} holds NaN or infinity")
        if low < wanted.low or high > wanted.high:
            raise ValueError(f"{name} holds values from {low} to {high}")
    return array


def _check_header(content: IO[bytes], name: str, wanted: Array, lengths: dict[str, int]) -> None:
    version = np.lib.format.read_magic(content)
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }[version]
    shape, _, dtype = read(content)
    if dtype.kind not in _KINDS[wanted.kind] or dtype.itemsize > 4 * 255:
        raise ValueError(f"{name} holds {dtype}, not {wanted.kind}s")
    expected = tuple(
        lengths.setdefault(length, shape[i])
        if isinstance(length, str) and i < len(shape)
        else length
        for i, length in enumerate(wanted.shape)
    )
    if shape != expected:
        raise ValueError(f"{name} has the shape {shape}, not {wanted.shape}")
