"""The errors that the package raises on purpose.

::

    FmnistError
    ├── DataError          a file of the archive is missing, broken or of another format
    │   ├── DownloadError  the official files could not be downloaded or verified
    │   └── CacheError     the parsed arrays could not be written or read back
    ├── ImageError         a picture can't be converted to a 28×28 image
    ├── RecipeError        a training setting is outside its range
    ├── RunError           a run directory is missing, unreadable or in the wrong state
    │   └── ExecutorError  nothing can train runs: the cluster is missing or has no room
    ├── AccessError        somebody may not do what they asked for, in classroom mode
    ├── InferenceError     a model could not be loaded or did not answer
    │   └── MethodError    a method explains no network of this kind
    ├── RequestError       a request to the endpoint can't be answered
    └── DeploymentError    something at Amazon Web Services is missing or was refused

A message names the wrong value, the file and place it was found in, and the remedy. It is written
for users: pages and the command line show it unchanged.
"""

from __future__ import annotations

import errno
from typing import Final


class FmnistError(Exception):
    """The root: catches all errors that this package raises on purpose."""


class DataError(FmnistError):
    """A file of the archive is missing, broken or of another format."""


class DownloadError(DataError):
    """The official files could not be downloaded or verified."""


class CacheError(DataError):
    """The parsed arrays could not be written to the cache folder or read back from it."""


class ImageError(FmnistError):
    """A picture can't be converted to a 28×28 image."""


class RecipeError(FmnistError):
    """A training setting is outside its range."""


class RunError(FmnistError):
    """A run directory is missing, unreadable or in the wrong state."""


class ExecutorError(RunError):
    """Nothing can train runs: the cluster is missing, or no node of it has what they need."""


class AccessError(FmnistError):
    """Somebody may not do what they asked for, or the class's database can't be used."""


class InferenceError(FmnistError):
    """A model could not be loaded or did not answer."""


class MethodError(InferenceError):
    """A method explains no network of this kind: it lacks maps, logits or gradients."""


class RequestError(FmnistError):
    """A request to the endpoint can't be answered.

    Attributes:
        status: the status of the HTTP response.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class DeploymentError(FmnistError):
    """Something at Amazon Web Services is missing or was refused."""


_MEMORY_ERRORS: Final = frozenset({"ResourceExhaustedError", "OutOfMemoryError"})
"""Errors of TensorFlow and PyTorch when no memory is left, by name: neither is imported."""

_MEMORY_WORDS: Final = (
    "resource_exhausted",  # XLA's is a RuntimeError
    "out of memory",  # Pillow's decoders
    "bad_alloc",
    "can't allocate",
    "cannot allocate",
    "unable to allocate",  # HDF5
    "failed to allocate",  # OpenCV
    "insufficient memory",
    "can't start new thread",  # Python; each needs a stack
)
"""The messages of libraries written in C and C++ about it, in lower case."""


def is_memory_error(error: BaseException) -> bool:
    """Return whether an error, or one that it was raised from, says that the memory ran out."""
    chain: BaseException | None = error
    while chain is not None:
        if isinstance(chain, MemoryError) or getattr(chain, "errno", None) == errno.ENOMEM:
            return True
        text = str(chain).lower()
        if type(chain).__name__ in _MEMORY_ERRORS or any(word in text for word in _MEMORY_WORDS):
            return True
        chain = chain.__cause__
    return False


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def is_disk_full(error: OSError) -> bool:
    """Return whether an error means that the disk or a quota is full."""
    # NumPy's own says "3000000 requested and 1048448 written", without a number.
    return error.errno in _FULL or (error.errno is None and "requested and" in str(error))


def explain_write_error(error: OSError, what: str, room: str = "space") -> str:
    """Return why something can't be written, with the remedy, as two sentences.

    Args:
        error: what was raised.
        what: the file or folder, as the person knows it.
        room: how much to free, such as ``"31 MB"``.
    """
    reason = error.strerror or str(error)
    if is_disk_full(error):
        return f"{what} can't be written: the disk is full ({reason}). Free {room} there."
    if error.errno in _FORBIDDEN:
        return f"{what} can't be written: {reason}. Give write permission."
    return f"{what} can't be written: {reason}. Check the disk."
