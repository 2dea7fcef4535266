"""The time of a network per image: from its report, or measured once on this machine."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from fmnist import settings
from fmnist.errors import FmnistError
from fmnist.runs import Report, Run
from fmnist.runs.files import write_json

MAX_MEASURED: Final = 500
"""Number of measurements that are kept; with more files, some are measured again at times."""


MEASUREMENTS: Final = 5
"""The fastest of these counts: other processes on the machine can only slow it down."""


class AnswerSpeeds:
    """Finds the milliseconds of runs; measures each ``model.onnx`` in the background, once.

    The times are kept in the cache folder, by the hash of the file.
    """

    def __init__(self, measure: Callable[[Path], float]) -> None:
        """Measure nothing yet.

        Args:
            measure: a function that returns the milliseconds of a ``model.onnx``; it raises
                ``FmnistError``.
        """
        self._measure = measure
        self._found: dict[tuple[Path, int], float | None] = {}
        self._lock = threading.Lock()  # one file is measured at a time

    def find(self, run: Run, report: Report | None) -> float | None:
        """Return a run's milliseconds per image, or None while they are unknown."""
        path = run.onnx_path
        if report is None or path is None:
            return None
        if report.milliseconds_per_image:
            return report.milliseconds_per_image
        try:
            key = (path, path.stat().st_mtime_ns)
        except OSError:
            return None
        if key not in self._found:
            self._found[key] = None
            threading.Thread(target=self._fill_in, args=key, daemon=True).start()
        return self._found[key]

    def _fill_in(self, path: Path, changed: int) -> None:
        # A file that can't be read or used has no time; Predict says why.
        with self._lock, suppress(OSError, FmnistError):
            self._found[path, changed] = self._load_or_measure(path)

    def _load_or_measure(self, path: Path) -> float:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        kept = settings.cache_dir() / "answer_speed.json"
        try:
            known = {str(name): float(ms) for name, ms in json.loads(kept.read_text()).items()}
        except (OSError, ValueError, TypeError, AttributeError):
            known = {}
        if sha256 not in known:
            known[sha256] = min(self._measure(path) for _ in range(MEASUREMENTS))
            with suppress(OSError):  # a folder that can't be written: measured again next time
                kept.parent.mkdir(parents=True, exist_ok=True)
                write_json(kept, dict(list(known.items())[-MAX_MEASURED:]))
        return known[sha256]
