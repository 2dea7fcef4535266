"""A hash of everything that a network's predictions depend on, used as a cache key."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from fmnist.errors import InferenceError
from fmnist.runs import Run


def hash_network(run: Run) -> str:
    """Return the SHA-256 of a run's network, computed again if its file has changed.

    Raises:
        InferenceError: the run has no network, or its file can't be read.
    """
    path = run.model_path or run.onnx_path
    if path is None:
        raise InferenceError(f"The run {run.run_id} has no network. Choose another run.")
    try:
        stat = path.stat()
        return _hash_file(path, (stat.st_mtime_ns, stat.st_size))
    except OSError as error:
        raise InferenceError(f"{path} can't be read: {error.strerror or error}.") from error


@lru_cache(64)
def _hash_file(path: Path, stamp: tuple[int, int]) -> str:  # noqa: ARG001
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
