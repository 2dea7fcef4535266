"""How long a network takes for one image: by its report, or measured once on this machine."""

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
"""Figures that are kept; a models folder with more files is measured again now and then."""


MEASUREMENTS: Final = 5
"""Of which the fastest counts: whatever else runs on the machine only slows it down."""


class AnswerSpeeds:
    """Finds the milliseconds of runs; measures each ``model.onnx`` in the background, once.

    The figures are kept in the cache folder, by the hash of the file.
    """

    def __init__(self, measure: Callable[[Path], float]) -> None:
        """Measure nothing yet.

        Args:
            measure: returns the milliseconds of a ``model.onnx``; raises ``FmnistError``.
        """
        self._measure = measure
        self._found: dict[tuple[Path, int], float | None] = {}
        self._lock = threading.Lock()  # one file is measured at a time

    def find(self, run: Run, report: Report | None) -> float | None:
        """Return a run's milliseconds an image, or None while they are not known."""
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
        # A file that can't be read or used stays without a figure; Predict says why.
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
