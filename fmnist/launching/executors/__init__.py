"""The executors, which run training workers: one contract, one module per executor.

To add an executor: a module here with a subclass of ``Executor``, and its place in
``choose_executor``.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from fmnist import settings
from fmnist.errors import ExecutorError
from fmnist.launching.executors.base import Executor
from fmnist.launching.executors.cluster import RayExecutor
from fmnist.launching.executors.local import LocalExecutor

__all__ = ["Executor", "LocalExecutor", "RayExecutor", "choose_executor"]


def choose_executor() -> Executor[Any]:
    """Return the executor of this installation (``FMNIST_EXECUTOR``).

    Raises:
        ExecutorError: there is none of that name, or Ray is not installed.
    """
    match settings.executor_name():
        case "local":
            return LocalExecutor()
        case "ray":
            if find_spec("ray") is None:
                raise ExecutorError(
                    "FMNIST_EXECUTOR=ray needs Ray, which is not installed. Install it by "
                    "`pip install -r requirements-extras.txt`, here and on every node."
                )
            return RayExecutor()
        case name:
            raise ExecutorError(f"FMNIST_EXECUTOR is {name!r}; it can be local or ray.")
