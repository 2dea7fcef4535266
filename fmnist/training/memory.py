"""Peak memory of the training process."""

from __future__ import annotations

import re
import sys
from pathlib import Path


def measure_peak_memory() -> float:
    """Return the peak memory of this process in MB; 0 if the system does not report it."""
    try:
        # Not getrusage: on Linux its peak is carried over from the process that started this one.
        status = Path("/proc/self/status").read_text()
    except OSError:
        return _ask_getrusage()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return round(int(found[1]) / 2**10, 1) if found else 0.0


def _ask_getrusage() -> float:
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)  # bytes on macOS
