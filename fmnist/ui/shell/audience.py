"""Sets the refresh interval of live parts, which grows with the number of sessions.

One core draws for all sessions. Fifty sessions that redraw every 0.4 s would use all of it, and
anyone opening a page would wait.
"""

from __future__ import annotations

import threading
from typing import Final

from cachetools import TTLCache
from streamlit.runtime.scriptrunner import get_script_run_ctx

FORGET_SECONDS: Final = 15.0
"""A session counts as closed after this time without drawing a live part."""

_STEPS: Final = ((8, 1.0), (20, 2.0), (100, 2.5))
"""(most sessions, factor): by which factor intervals grow; with more sessions, by ``_SLOWEST``."""

_SLOWEST: Final = 5.0

_sessions: TTLCache[str, bool] = TTLCache(maxsize=10_000, ttl=FORGET_SECONDS)
_lock = threading.Lock()


def choose_interval(seconds: float, current: float | None = None) -> float:
    """Register this session as a viewer and return the interval of a live part, in seconds.

    Args:
        seconds: the interval while few sessions watch.
        current: the current interval. It is kept unless it is too short for the number of viewers,
            or at least three times as long as necessary.
    """
    context = get_script_run_ctx()
    with _lock:
        if context is not None:
            _sessions[context.session_id] = True
        count = len(_sessions)
    factor = next((factor for most, factor in _STEPS if count <= most), _SLOWEST)
    wanted = seconds * factor
    if current is not None and wanted <= current < 3 * wanted:
        return current
    return wanted
