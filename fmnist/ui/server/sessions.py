"""Open files and garbage: the limit of the process, and what closed sessions still hold.

Each session has its own event loop, which takes three file descriptors. Streamlit keeps a closed
session for ``server.disconnectedSessionTTL`` seconds, so that a browser that lost its connection
finds it again, but lets an expired one go only when the next session is closed, and closes its loop
only when it is garbage-collected (Streamlit 1.67, ``MemorySessionStorage``).
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import sys
import time
from typing import Any, Final

from streamlit.runtime import Runtime

if sys.platform != "win32":  # which has no such limit
    import resource

SWEEP_SECONDS: Final = 10.0
"""How often expired sessions are searched for; a search takes microseconds."""

IDLE_SECONDS: Final = 1.0
"""Longer than a person who draws waits between two strokes."""

IDLE_SHARE: Final = 0.03
"""Share of a core that an idle server stays below; one stroke takes more of a second."""

MAX_FILES: Final = 1 << 20
"""Open files if the system has no limit; Linux allows no more by default."""

_LOGGER: Final = logging.getLogger(__name__)


def raise_file_limit() -> int | None:
    """Let this process open as many files as it may; return how many, None if unknown.

    A session takes five: its connection, its loop, and what it reads. The usual soft limit of 1024
    would be reached with 200.
    """
    if sys.platform == "win32":
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # macOS has another limit below the hard one
        return soft
    return wanted


async def free_closed_sessions(runtime: Runtime) -> None:
    """Free what expired sessions hold, every ``SWEEP_SECONDS``, until cancelled."""
    n_modules = 0
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            # A session and its pages refer to each other.
            if free_expired(runtime) or len(sys.modules) > n_modules:
                n_modules = len(sys.modules)
                await wait_until_idle()
                collect_garbage()
        # The server continues in any case; the sessions are freed by the next collection.
        except Exception:
            _LOGGER.exception("closed sessions could not be freed")


def free_expired(runtime: Any) -> int:
    """Shut down the sessions whose time to reconnect is over; return how many."""
    manager = runtime._session_mgr
    with manager._storage_lock:
        expired = manager._session_storage._cache.expire()
    for _, info in expired:
        info.session.shutdown()
    return len(expired)


async def wait_until_idle() -> None:
    """Return once the process has done hardly anything for ``IDLE_SECONDS``, or after ten seconds.

    On a server that is never idle, closed sessions must not wait longer.
    """
    for _ in range(round(SWEEP_SECONDS / IDLE_SECONDS)):
        before = time.process_time()
        await asyncio.sleep(IDLE_SECONDS)
        if time.process_time() - before < IDLE_SHARE * IDLE_SECONDS:
            return


def collect_garbage() -> None:
    """Free what only refers to itself, and leave what remains out of Python's own collections.

    Such a collection stops all threads and looks at every object: with the libraries of all pages
    0.15 s, in the middle of somebody's click. The next call looks at everything again.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    _give_back_memory()


def _give_back_memory() -> None:
    """Return what was freed to the system, where the C library keeps it otherwise (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:  # musl has no such function
        trim(0)
