"""Checks a ``model.keras``, which may be damaged or untrusted, before Keras reads it.

Keras builds whatever the file describes, so a kilobyte may request terabytes. This module checks,
without Keras, the sizes in the zip, the classes in the description, and the sizes of the weights.
``fmnist.networks.load`` checks what needs Keras, mainly the number of parameters, before any memory
is allocated.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any, Final

import msgspec

from fmnist import settings
from fmnist.errors import InferenceError

_CONFIG: Final = "config.json"
_WEIGHTS: Final = "model.weights.h5"
_BYTES_A_NUMBER: Final = 4
_MAX_ITEM_BYTES: Final = 8
_MAX_DEPTH: Final = 20
"""Groups within groups of the weights: ours have four."""

_CLASSES: Final = frozenset(
    {
        "Functional", "InputLayer", "Rescaling", "Conv2D", "BatchNormalization", "ReLU", "Dense",
        "Activation",
        "Dropout", "Flatten", "Add", "Multiply", "AveragePooling2D", "GlobalAveragePooling2D",
        "MaxPooling2D", "DTypePolicy", "Zeros", "Ones", "GlorotUniform", "HeNormal",
        "__keras_tensor__",
    }
)  # fmt: skip
"""The classes in the descriptions of our networks; a test builds them all. No Lambda, no code."""

_MODULES: Final = frozenset(
    {None, "keras", "keras.layers", "keras.initializers", "keras.src.models.functional"}
)


def load_config(path: str) -> dict[str, Any]:
    """Read the description of a network after checking that it is one of this program's.

    Args:
        path: a ``model.keras``.

    Returns:
        The Keras configuration of a functional model.

    Raises:
        OSError: the file can't be read.
        InferenceError: it isn't such a file, is too large, or names a part that our networks do not
            have; the message says which.
    """
    with Path(path).open("rb") as file:  # Keras reports an unreadable file as "not found"
        try:
            with zipfile.ZipFile(file) as packed:
                config = _read_config(path, packed)
                _check_weights(path, packed)
        except (InferenceError, OSError):
            raise
        # The readers of zip, zlib, JSON and HDF5 raise about ten kinds of errors.
        except Exception as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise InferenceError(
                f"{path} is damaged: {reason}. Restore the file or train the run again."
            ) from error
    _check_classes(path, config)
    if config.get("class_name") != "Functional":
        raise refuse(path, "it doesn't describe a functional model")
    return config


def refuse(path: str, reason: str) -> InferenceError:
    """Return the error for a rejected model file."""
    return InferenceError(
        f"{path} is not used: {reason}. Restore the file, train the run again, or choose another."
    )


def _read_config(path: str, packed: zipfile.ZipFile) -> dict[str, Any]:
    sizes = {member.filename: member.file_size for member in packed.infolist()}
    if not {_CONFIG, _WEIGHTS} <= set(sizes):
        raise refuse(path, f"it lacks {_CONFIG} or {_WEIGHTS}")
    if sizes[_CONFIG] > settings.MAX_RECORD_BYTES:
        raise refuse(path, f"its description has {sizes[_CONFIG]:,} bytes")
    limit = settings.MAX_MODEL_PARAMETERS * _BYTES_A_NUMBER + settings.MAX_RECORD_BYTES
    if sum(sizes.values()) > limit:
        raise refuse(path, f"it unpacks to {sum(sizes.values()):,} bytes; {limit:,} are allowed")
    config = msgspec.json.decode(packed.read(_CONFIG))
    if not isinstance(config, dict):
        raise refuse(path, "its description isn't a JSON object")
    return config


def _check_classes(path: str, config: dict[str, Any]) -> None:
    """Check that every object in the description is of a class used by our networks."""
    waiting: list[Any] = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            if "class_name" not in value:
                continue
            name, module = value["class_name"], value.get("module")
            if not isinstance(name, str) or name not in _CLASSES:
                raise refuse(path, f"it has a part of the class {str(name)[:60]!r}")
            if value.get("registered_name") not in {None, name} or module not in _MODULES:
                raise refuse(path, f"its class {name} is not the one of Keras")


def _check_weights(path: str, packed: zipfile.ZipFile) -> None:
    """Check the sizes of the weights; links to other files are rejected."""
    import h5py  # 0.1 s, which a process that only reads the list of networks need not wait for

    numbers = 0

    def visit(group: h5py.Group, depth: int) -> None:
        nonlocal numbers
        if depth > _MAX_DEPTH:
            raise refuse(path, "its weights are nested too deeply")
        for name in group:
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise refuse(path, "its weights link to another place")
            part = group[name]
            if isinstance(part, h5py.Group):
                visit(part, depth + 1)
            elif isinstance(part, h5py.Dataset):
                if part.external or part.is_virtual:
                    raise refuse(path, "its weights lie in another file")
                numbers += part.size or 0
                if part.dtype.kind not in "fiu" or part.dtype.itemsize > _MAX_ITEM_BYTES:
                    raise refuse(path, f"its weights are {part.dtype}")

    with h5py.File(io.BytesIO(packed.read(_WEIGHTS)), "r") as file:
        visit(file, 0)
    if numbers > settings.MAX_MODEL_PARAMETERS:
        raise refuse(path, f"it holds {numbers:,} weights; {_describe_limit()}")


def _describe_limit() -> str:
    return f"at most {settings.MAX_MODEL_PARAMETERS:,} are allowed"


def check_size(path: str, parameters: int, largest_output: int) -> None:
    """Check how much memory a network would need.

    Args:
        path: named in the message.
        parameters: number of parameters of the network.
        largest_output: maximum number of values that a layer returns for an image.

    Raises:
        InferenceError: it is larger than any of ours.
    """
    if parameters > settings.MAX_MODEL_PARAMETERS:
        raise refuse(path, f"it has {parameters:,} parameters; {_describe_limit()}")
    if largest_output > settings.MAX_LAYER_OUTPUT:
        raise refuse(
            path,
            f"one of its layers returns {largest_output:,} numbers for an image; at most "
            f"{settings.MAX_LAYER_OUTPUT:,} are allowed",
        )
