"""A Ray that keeps tasks in memory: the executor's contract without a cluster."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

ERRORS = (
    "NodeDiedError",
    "WorkerCrashedError",
    "TaskCancelledError",
    "RayTaskError",
)


class FakeRay(ModuleType):
    """What the executor uses of Ray.

    Attributes:
        tasks: for each task, in order: its options, what it was called with, and its end: None
            while it runs, an exit code, or the error that Ray raises for it.
        connections: how often it was connected to.
        refusal: raised by the next connection.
        resources: of each living node.
    """

    def __init__(self) -> None:
        super().__init__("ray")
        self.tasks: list[dict[str, Any]] = []
        self.cancelled: list[int] = []
        self.connections = 0
        self.refusal: Exception | None = None
        self.resources = [{"CPU": 4.0}, {"CPU": 2.0, "GPU": 1.0}]
        self.exceptions = ModuleType("ray.exceptions")
        self.exceptions.RayError = type("RayError", (Exception,), {})
        for name in ERRORS:
            setattr(self.exceptions, name, type(name, (self.exceptions.RayError,), {}))

    def is_initialized(self) -> bool:
        return self.connections > 0

    def init(self, address: str, **_: object) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.connections += 1

    def nodes(self) -> list[dict[str, Any]]:
        dead = {"Alive": False, "Resources": {"CPU": 64.0}}
        return [dead, *({"Alive": True, "Resources": found} for found in self.resources)]

    def remote(self, **options: object) -> Callable[[object], Any]:
        outer = self

        class Task:
            def __init__(self, function: object) -> None:
                self.function = function

            def remote(self, *given: object) -> int:
                outer.tasks.append({"options": options, "given": given, "end": None})
                return len(outer.tasks) - 1

        return Task

    def wait(self, tasks: list[int], **_: object) -> tuple[list[int], list[int]]:
        return ([task for task in tasks if self.tasks[task]["end"] is not None], [])

    def get(self, task: int) -> int:
        end = self.tasks[task]["end"]
        if isinstance(end, str):
            raise getattr(self.exceptions, end)(f"{end} of Ray")
        return end

    def cancel(self, task: int, *, force: bool) -> None:
        assert force
        self.cancelled.append(task)


def install_fake_ray(monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    """Let the executor find a fake Ray in place of the real one."""
    fake = FakeRay()
    monkeypatch.setitem(sys.modules, "ray", fake)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    return fake
