"""Starts, queues and stops training processes, on this machine or a cluster."""

from __future__ import annotations

from fmnist.launching.endings import explain_end, find_disk_trouble
from fmnist.launching.launcher import ensure_dispatcher, resume_run, start_run, stop_run
from fmnist.launching.queue import list_queue, move_run
from fmnist.launching.trouble import load_trouble
from fmnist.launching.turns import is_queue_paused

__all__ = [
    "ensure_dispatcher",
    "explain_end",
    "find_disk_trouble",
    "is_queue_paused",
    "list_queue",
    "load_trouble",
    "move_run",
    "resume_run",
    "start_run",
    "stop_run",
]
