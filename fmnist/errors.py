"""Every error that the package raises on purpose.

::

    FmnistError
    ├── DataError          the archive: a file that is missing, broken or of another format
    │   ├── DownloadError  the official files could not be fetched or did not verify
    │   └── CacheError     the parsed arrays could not be written or read back
    ├── ImageError         a picture from outside that can't become a 28×28 image
    ├── RecipeError        a training setting outside its range
    ├── RunError           a run directory that is missing, unreadable or in the wrong state
    └── InferenceError     a model that could not answer

A message names the bad value and where it stands, then says what to do about it. It is
written for the person in front of the page, so pages and the command line show it as it is.
"""

from __future__ import annotations

from typing import Final


class FmnistError(Exception):
    """The root: catching it catches whatever this package reports about its input."""


class DataError(FmnistError):
    """A file of the archive is missing, broken or not in a known format."""


class DownloadError(DataError):
    """The official files could not be fetched, or what came is not what was published."""


class CacheError(DataError):
    """The parsed arrays could not be written to the cache folder or read back from it."""


class ImageError(FmnistError):
    """A picture from outside can't be turned into a 28×28 image."""


class RecipeError(FmnistError):
    """A training setting has a value outside its range."""


class RunError(FmnistError):
    """A run directory is missing, unreadable, or in a state that forbids what was asked."""


class InferenceError(FmnistError):
    """A model could not be loaded or did not answer."""


_MEMORY_ERRORS: Final = frozenset({"MemoryError", "ResourceExhaustedError", "OutOfMemoryError"})
"""Errors of Python, TensorFlow and PyTorch when no memory is left, by name: none is imported."""


def is_memory_error(error: BaseException) -> bool:
    """Return whether an error says that the memory ran out."""
    # XLA's error is a RuntimeError that says RESOURCE_EXHAUSTED.
    return type(error).__name__ in _MEMORY_ERRORS or "RESOURCE_EXHAUSTED" in str(error)
