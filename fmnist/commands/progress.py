"""Progress on standard error; standard output holds only the result."""

from __future__ import annotations

import sys
import time
from collections.abc import Hashable
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Final

PAUSE_SECONDS: Final = 1.0
"""Lines of a log are at least this far apart, so that fast epochs do not flood it."""

SILENCE_SECONDS: Final = 10.0
"""A log gets a line after this time even if nothing has changed."""


def show_progress(text: str) -> None:
    """Replace the progress line on a terminal; an empty text clears it."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def wait_for_network(ready: Future[Path], name: str) -> None:
    """Show that a network is being converted if its first prediction has to wait for that.

    Args:
        ready: the future of ``InferencePool.prepare``; the answer itself raises any error.
        name: the name of the run.
    """
    if not ready.done():
        show_progress(f"Converting the network of {name} (up to 30 seconds, once)")
        wait([ready])
        show_progress("")


def report(what: str, share: float) -> None:
    """Show the current step and the fraction done, 0 to 1."""
    show_progress(f"{what}: {share:.0%}")


class ProgressLog:
    """Long-running progress: one line on a terminal, a log in a pipe or file."""

    def __init__(self) -> None:
        self._stage: Hashable = None
        self._printed = -float("inf")

    def show(self, text: str, stage: Hashable) -> None:
        """Replace the line on a terminal; else print a line if it is news.

        Args:
            text: phase, pace and time left, on one line.
            stage: a new line is printed when this changes, for example the epoch; otherwise one is
                printed every ``SILENCE_SECONDS``.
        """
        if sys.stderr.isatty():
            show_progress(text)
            return
        now = time.monotonic()
        pause = SILENCE_SECONDS if stage == self._stage else PAUSE_SECONDS
        if now - self._printed >= pause:
            print(text, file=sys.stderr, flush=True)
            self._stage, self._printed = stage, now
