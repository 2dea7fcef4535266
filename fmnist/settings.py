"""Folders and limits, read from the environment at each call.

Functions rather than constants: a variable that a test or a parent process sets takes effect
without importing anything again.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import platformdirs

PROJECT_DIR: Final = Path(__file__).resolve().parent.parent
"""The folder that holds ``app.py``, ``archive/`` and ``models/``."""

MAX_UPLOAD_MB: Final = 10
"""Largest picture file, in MiB; equals ``server.maxUploadSize`` in ``.streamlit/config.toml``."""

MAX_UPLOAD_BYTES: Final = MAX_UPLOAD_MB * 2**20

MAX_PICTURE_PIXELS: Final = 50_000_000
"""Largest picture that is decoded (width × height): a 50-megapixel photo takes 200 MB as RGBA."""


def _folder(variable: str, default: Path) -> Path:
    value = os.environ.get(variable, "").strip()
    return Path(value).expanduser().resolve() if value else default


def archive_dir() -> Path:
    """Return the folder with the data set's files (``FMNIST_ARCHIVE``); it may be read-only."""
    return _folder("FMNIST_ARCHIVE", PROJECT_DIR / "archive")


def cache_dir() -> Path:
    """Return the folder for parsed arrays (``FMNIST_CACHE``, else the platform's user cache)."""
    return _folder("FMNIST_CACHE", Path(platformdirs.user_cache_dir("fmnist-lab")))


def models_dir() -> Path:
    """Return the folder of the run directories (``FMNIST_MODELS``)."""
    return _folder("FMNIST_MODELS", PROJECT_DIR / "models")


def is_classroom() -> bool:
    """Return whether people sign in and own what they start (``FMNIST_CLASSROOM=1``)."""
    return os.environ.get("FMNIST_CLASSROOM", "").strip() not in {"", "0"}


def serves_metrics() -> bool:
    """Return whether ``/_stcore/metrics`` is open to whoever can connect (``FMNIST_METRICS=1``)."""
    return os.environ.get("FMNIST_METRICS", "").strip() not in {"", "0"}


def is_offline() -> bool:
    """Return whether downloads are switched off (``FMNIST_OFFLINE=1``), as in tests."""
    return os.environ.get("FMNIST_OFFLINE", "").strip() not in {"", "0"}


def parallel_runs() -> int:
    """Return how many runs train at a time (``FMNIST_PARALLEL``, else 1: the whole machine each).

    Anything but a whole number above zero counts as 1.
    """
    value = os.environ.get("FMNIST_PARALLEL", "").strip()
    return max(1, int(value)) if value.isdecimal() else 1
