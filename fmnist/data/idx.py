"""Reads and validates IDX files, the official format.

The format: two zero bytes, a type code (8 is unsigned byte), the number of dimensions, each
dimension as a big-endian 32-bit integer, then the values. Source: yann.lecun.com/exdb/mnist.
"""

from __future__ import annotations

import io
import struct
from typing import Any, Final

import numpy as np

from fmnist.classes import IMAGE_SHAPE, N_CLASSES
from fmnist.data.dataset import ARRAY_NAMES, Progress, UInt8Array
from fmnist.data.open_file import DataFile, open_stream
from fmnist.errors import DataError
from fmnist.settings import MAX_IMAGES

_AGAIN: Final = "Download the file again."
_REPLACE: Final = "Put the file of Fashion-MNIST in its place."


def load_idx(files: tuple[DataFile, ...], progress: Progress) -> dict[str, UInt8Array]:
    """Return the arrays of ``ARRAY_NAMES`` from the four files, in that order.

    Raises:
        DataError: A file can't be read, its content doesn't match its name, or its number of items
            differs from that of the file that belongs to it.
    """
    arrays: dict[str, UInt8Array] = {}
    for position, (array_name, file) in enumerate(zip(ARRAY_NAMES, files, strict=True)):
        progress(f"Reading {file.name}", position / len(files))
        is_labels = array_name.startswith("y_")
        arrays[array_name] = load_idx_file(file, () if is_labels else IMAGE_SHAPE)
        if is_labels:
            _check_labels(file, arrays[array_name])
    for split, image_file, label_file in (("train", 0, 1), ("test", 2, 3)):
        n_images, n_labels = len(arrays[f"x_{split}"]), len(arrays[f"y_{split}"])
        if n_images != n_labels:
            raise DataError(
                f"{files[image_file].name} has {n_images:,} images but {files[label_file].name} "
                f"has {n_labels:,} labels. Take both from the same set."
            )
    return arrays


def load_idx_file(file: DataFile, item_shape: tuple[int, ...]) -> UInt8Array:
    """Return the unsigned bytes of one IDX file, shape ``(n, *item_shape)``.

    Raises:
        DataError: The file can't be read, or its magic number, dimensions or size are wrong.
    """
    with open_stream(file) as (stream, _):
        dims = _read_dims(file, stream, item_shape)
        items = np.empty(dims, np.uint8)
        n_read = stream.readinto(items.reshape(-1).data)
        is_longer = n_read == items.nbytes and bool(stream.read(1))
    if n_read < items.nbytes or is_longer:
        fault = "too long" if is_longer else "truncated"
        found = "more" if is_longer else f"{n_read:,}"
        raise DataError(
            f"{file.name} is {fault}: its header promises {dims[0]:,} items, {items.nbytes:,} "
            f"bytes after the header, but {found} follow. {_AGAIN}"
        )
    return items


def _read_dims(
    file: DataFile, stream: io.BufferedReader[Any], item_shape: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the dimensions of an IDX file from its header, before any data are read."""
    n_dims = 1 + len(item_shape)
    header_size = 4 + 4 * n_dims
    header = stream.read(header_size)
    if len(header) < header_size:
        raise DataError(f"{file.name} has only {len(header)} bytes, fewer than a header. {_AGAIN}")
    magic, *dims = struct.unpack(f">{1 + n_dims}I", header)
    expected_magic = 0x0800 + n_dims
    if magic != expected_magic:
        raise DataError(
            f"{file.name} has magic number {magic}, not {expected_magic}: it is not an IDX "
            f"file of {'images' if item_shape else 'labels'}. Put that file in its place."
        )
    if tuple(dims[1:]) != item_shape:
        found = "×".join(str(size) for size in dims[1:])
        raise DataError(f"{file.name} holds images of {found} pixels, not 28×28. {_REPLACE}")
    if dims[0] == 0:
        raise DataError(f"{file.name} holds no items. {_REPLACE}")
    if dims[0] > MAX_IMAGES:
        raise DataError(
            f"{file.name}: its header promises {dims[0]:,} items, more than the limit of "
            f"{MAX_IMAGES:,}. {_REPLACE}"
        )
    return tuple(dims)


def _check_labels(file: DataFile, labels: UInt8Array) -> None:
    if labels.max() >= N_CLASSES:
        row = int(np.argmax(labels >= N_CLASSES))
        raise DataError(
            f"{file.name}, item {row + 1:,}: label {labels[row]} is outside 0–9. {_REPLACE}"
        )
