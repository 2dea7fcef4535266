"""The errors that the package raises on purpose.

::

    FmnistError
    ├── DataError          a file of the archive is missing, broken or of another format
    │   ├── DownloadError  the official files could not be downloaded or verified
    │   └── CacheError     the parsed arrays could not be written or read back
    ├── ImageError         a picture can't be converted to a 28×28 image
    ├── RecipeError        a training setting is outside its range
    ├── RunError           a run directory is missing, unreadable or in the wrong state
    ├── AccessError        somebody may not do what they asked for, in classroom mode
    └── InferenceError     a model could not be loaded or did not answer

A message names the wrong value, the file and place it was found in, and the remedy. It is written
for users: pages and the command line show it unchanged.
"""

from __future__ import annotations

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


class AccessError(FmnistError):
    """Somebody may not do what they asked for, or the class's database can't be used."""


class InferenceError(FmnistError):
    """A model could not be loaded or did not answer."""


_MEMORY_ERRORS: Final = frozenset({"MemoryError", "ResourceExhaustedError", "OutOfMemoryError"})
"""Errors of Python, TensorFlow and PyTorch when no memory is left, by name: none is imported."""


def is_memory_error(error: BaseException) -> bool:
    """Return whether an error says that the memory ran out."""
    # XLA's error is a RuntimeError that says RESOURCE_EXHAUSTED.
    return type(error).__name__ in _MEMORY_ERRORS or "RESOURCE_EXHAUSTED" in str(error)
