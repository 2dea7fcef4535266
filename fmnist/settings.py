"""Folders and limits, read from the environment at each call.

Functions rather than constants: a variable that a test or a parent process sets takes effect
without importing anything again.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Final

import platformdirs

PROJECT_DIR: Final = Path(__file__).resolve().parent.parent
"""The folder that holds ``app.py``, ``archive/`` and ``models/``."""

MAX_UPLOAD_MB: Final = 10
"""Largest picture file, in MiB; equals ``server.maxUploadSize`` in ``.streamlit/config.toml``."""

MAX_UPLOAD_BYTES: Final = MAX_UPLOAD_MB * 2**20

MAX_PICTURE_PIXELS: Final = 50_000_000
"""Maximum size of a decoded picture (width × height): a 50-megapixel photo takes 200 MB as RGBA."""

CHART_CACHE_BYTES: Final = 32 * 2**20
"""Size of the web process's chart cache for all sessions, as JSON: about a thousand charts, more
than a class views in turn. As Python objects, they take about twice that."""

MAX_RECORD_BYTES: Final = 4_000_000
"""Largest JSON file of a run, a study or the edits: ours have 3 kB, edits of every row 2 MB."""

MAX_EDITS_FILES: Final = 200
"""Maximum number of stored files of edited rows; further uploads are refused, so that uploads take
at most 800 MB."""

MAX_CURVE_BYTES: Final = 64_000_000
"""Largest CSV file of a run: five rows a second fill it in two and a half days of training."""

MAX_LOG_BYTES: Final = 256_000
"""Number of bytes read from the end of a log; pages show its last 200 lines."""

MAX_ARRAY_BYTES: Final = 128_000_000
"""Largest content of a ``.npz`` file of a run: predictions for two million images."""

MAX_CACHED_FILE_BYTES: Final = 64_000_000
"""Size of the cache of file contents in memory; the small files of 500 runs take 5 MB."""

CACHED_SUMMARIES: Final = 20_000
"""Maximum number of runs and summaries kept in memory; 10,000 take 70 MB."""

MAX_LISTED_RUNS: Final = 500
"""Maximum number of rows in a table of runs; nobody scrolls further, and ten thousand take seconds
to draw."""

MAX_MODEL_PARAMETERS: Final = 100_000_000
"""Largest network that is loaded, 400 MB: the record network has 88 million at its widest."""

MAX_LAYER_OUTPUT: Final = 400_000
"""Maximum number of values that a layer returns for an image: ours return 200,704 at the greatest
width, and a batch of 256 images then takes 200 MB."""

MAX_MODEL_LAYERS: Final = 300
"""Maximum number of layers in a loaded network; ours have up to 113."""

MAX_TEXT: Final = 10_000
"""Maximum length of a text in a run's record, in characters: an error message or a command line."""

LATEST_TIME: Final = 4_102_444_800.0
"""Latest plausible time in a record, in seconds since the epoch: the year 2100."""

MAX_IMAGES: Final = 100_000
"""Maximum number of images read from one file of the archive; Fashion-MNIST's larger file has
60,000. Two such CSV files are read in ten seconds of one core."""

MAX_DATA_FILE_BYTES: Final = 400_000_000
"""Largest file of the archive, packed or unpacked: a CSV file of ``MAX_IMAGES`` with each cell in
quotes has 380 MB."""

MAX_LINE_BYTES: Final = 1 << 15
"""Longest line of a CSV file: 785 cells as NumPy writes floats by default have 20,000 bytes."""

MAX_ODD_ROWS: Final = 5_000
"""Maximum number of rows in a CSV file with cells that need the slow reader; they take 3 s."""

MAX_ARCHIVE_ENTRIES: Final = 10_000
"""Maximum number of files examined in the archive, its sub-folders and each of its zips; a folder
with more is not the archive, and listing it takes seconds."""

MAX_ZIP_DIRECTORY_BYTES: Final = 4 << 20
"""Maximum size of a zip's list of members: 40,000 of them, where the data set has two or four.
Python reads the list in one go and makes objects of it, a gigabyte for a million members."""


MAX_PICTURE_SCANS: Final = 100
"""Maximum number of scans in a progressive JPEG: cameras and programs write 10, optimisers up to
30; each one decodes the whole picture again."""

PICTURE_SECONDS: Final = 5.0
"""Maximum time to read one picture (decoding and segmentation); a photo takes 0.1 s on a busy
machine."""

PICTURE_MEMORY_MB: Final = 512
"""Maximum memory, in MB, of a process that reads pictures: 100 for its libraries, 200 for the
largest picture, and as much again for a copy of it."""

MAX_PICTURE_WORKERS: Final = 4
"""Maximum number of processes that read pictures; each takes 100 MB when idle."""

WORKER_START_SECONDS: Final = 120.0
"""Maximum time for a worker to import its libraries: on a slow disk, TensorFlow takes 30 s."""

ANSWER_SECONDS: Final = 20.0
"""Maximum time of one request to the inference worker; the longest, 256 images with the residual
network, takes a second on two busy cores."""

LOADED_NETWORKS: Final = 8
"""Maximum number of networks loaded by the inference worker, about 10 MB each."""

MAX_ONNX_BYTES: Final = 4 * MAX_MODEL_PARAMETERS + (16 << 20)
"""Maximum size of a ``model.onnx``: four bytes per parameter, and the description of the layers."""

CACHED_ONNX_BYTES: Final = 200_000_000
"""Maximum disk space for converted networks of older runs in the cache folder: about fifty."""

KERAS_SECONDS: Final = 120.0
"""Maximum time of one request to the Keras worker; the longest, converting the largest network to
ONNX, takes 15 s on a busy machine."""

EXPORT_SECONDS: Final = 1_200.0
"""Maximum time to write and compare one format. The first one also predicts 10,000 images: compact
takes five minutes on two cores shared with six other programs."""

CACHED_EXPORT_BYTES: Final = 1_000_000_000
"""Maximum disk space for the exports of the page Take away in the cache folder: all formats of
about a hundred networks."""

KERAS_IDLE_SECONDS: Final = 300.0
"""Idle time after which the Keras worker ends: it holds 1 GB, and starts in 5 to 15 s."""

CACHED_MAPS: Final = 50
"""Number of embedding maps kept in the cache folder, half a megabyte each."""

SESSION_UPLOAD_MB: Final = 150
"""Most uploaded bytes, in MiB, that one session holds before its pictures are read: a hundred
photos of a phone. Of a picture that was read, only the reduced one is kept."""

SERVER_UPLOAD_MB: Final = 400
"""The same for all sessions of a server together."""


def count_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def picture_workers() -> int:
    """Return how many pictures are read at the same time, 2 to 4: one more than there are cores.

    A worker waits while its last picture is taken over and the next one handed to it.
    """
    return min(count_cores() + 1, MAX_PICTURE_WORKERS)


def _folder(variable: str, default: Path) -> Path:
    value = os.environ.get(variable, "").strip()
    if not value:
        return default
    path = Path(value).expanduser()
    return _resolve(path if path.is_absolute() else Path.cwd() / path)


# Called for each file of each run; resolving checks every folder on the path.
@lru_cache(64)
def _resolve(path: Path) -> Path:
    return path.resolve()


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
    """Return whether people sign in and own their runs (``FMNIST_CLASSROOM=1``)."""
    return os.environ.get("FMNIST_CLASSROOM", "").strip() not in {"", "0"}


def offers_oidc() -> bool:
    """Return whether Streamlit's own sign-in is also offered (``FMNIST_CLASSROOM=oidc``)."""
    return os.environ.get("FMNIST_CLASSROOM", "").strip().lower() == "oidc"


def serves_metrics() -> bool:
    """Return whether ``/_stcore/metrics`` is open to all that connect (``FMNIST_METRICS=1``)."""
    return os.environ.get("FMNIST_METRICS", "").strip() not in {"", "0"}


def edits_dir() -> Path:
    """Return the folder of the files of edited rows that the Train page offers."""
    return models_dir() / "edits"


def is_offline() -> bool:
    """Return whether downloads are switched off (``FMNIST_OFFLINE=1``), as in tests."""
    return os.environ.get("FMNIST_OFFLINE", "").strip() not in {"", "0"}


def parallel_runs() -> int:
    """Return how many runs train at a time (``FMNIST_PARALLEL``, else 1: the whole machine each).

    Anything but a whole number above zero counts as 1.
    """
    value = os.environ.get("FMNIST_PARALLEL", "").strip()
    return max(1, int(value)) if value.isdecimal() else 1


DEFAULT_RUN_CPUS: Final = 2
"""Cores per run on a cluster: with two, the networks' own recipes take the times shown on pages."""


def executor_name() -> str:
    """Return the name of the executor (``FMNIST_EXECUTOR``): ``local`` or ``ray``."""
    return os.environ.get("FMNIST_EXECUTOR", "").strip().lower() or "local"


def run_cpus() -> int:
    """Return the number of cores per run on a cluster (``FMNIST_RUN_CPUS``, else 2)."""
    value = os.environ.get("FMNIST_RUN_CPUS", "").strip()
    return max(1, int(value)) if value.isdecimal() else DEFAULT_RUN_CPUS


def run_gpus() -> int:
    """Return the number of GPUs per network on a cluster (``FMNIST_RUN_GPUS``, else 0)."""
    value = os.environ.get("FMNIST_RUN_GPUS", "").strip()
    return int(value) if value.isdecimal() else 0
