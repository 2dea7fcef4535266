"""Where training workers run: one contract, one module an executor.

To add an executor: a module here with a subclass of ``Executor``, and its place in
``choose_executor``.
"""

from __future__ import annotations

from typing import Any

from fmnist.launching.executors.base import Executor
from fmnist.launching.executors.local import LocalExecutor

__all__ = ["Executor", "LocalExecutor", "choose_executor"]


def choose_executor() -> Executor[Any]:
    """Return the executor that this installation trains with: processes on this machine."""
    return LocalExecutor()
