"""One line of progress on standard error, and silence where nobody watches."""

from __future__ import annotations

import sys


def show_progress(text: str) -> None:
    """Replace the line of progress; an empty text clears it. Nothing unless on a terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def report(what: str, share: float) -> None:
    """Show what is being done and how much of it, 0 to 1, is."""
    show_progress(f"{what}: {share:.0%}")
