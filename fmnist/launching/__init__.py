"""Start, queue and stop training processes on this machine."""

from __future__ import annotations

from fmnist.launching.launcher import (
    ensure_dispatcher,
    list_queue,
    resume_run,
    start_run,
    stop_run,
)

__all__ = ["ensure_dispatcher", "list_queue", "resume_run", "start_run", "stop_run"]
