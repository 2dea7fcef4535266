"""Training workers as tasks of a Ray cluster: one task per run, on a node with free cores.

The models folder must be on storage that all nodes share, under the same path, and so must the
program and the archive. Ray only chooses a node, starts a process there and reports how it ended;
runs and pages exchange data through the run directory, as on one machine.

The dispatcher is the cluster's driver. If it ends, Ray ends its tasks; the next dispatcher then
continues their runs from their checkpoints.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, cast

from fmnist import settings
from fmnist.errors import ExecutorError, RunError
from fmnist.launching.executors.base import Executor
from fmnist.launching.executors.cluster_task import train_run
from fmnist.launching.executors.record import GRACE_SECONDS, RETRY_SECONDS, TRAINING, record_end
from fmnist.launching.queue import hold_queue
from fmnist.launching.spawn import build_program_environment
from fmnist.runs import Launch, Run, RunState
from fmnist.runs.classical import CLASSICAL
from fmnist.runs.layout import RunFile
from fmnist.runs.processes import TRY_AGAIN_EXIT_CODE

MAX_NODES_LOST: Final = 3
"""How many times a run is continued on another node after its node died; if it happens again, the
run may be the cause."""

KNOCK_SECONDS: Final = 5.0
"""How long the head of the cluster may take to accept a connection."""


@dataclass
class RayHandle:
    """A task of the cluster.

    Attributes:
        run: the run that it trains.
        task: the reference of the task; None for a run whose dispatcher was killed.
        attempt: the name of the worker's attempt.
        nodes_lost: how many nodes died under the run.
        asked_at: when it was first asked to stop, in seconds of ``time.monotonic``.
        ended_at: when it was first seen to have ended, likewise.
    """

    run: Run
    task: Any = None
    attempt: str = ""
    nodes_lost: int = 0
    asked_at: float | None = None
    ended_at: float | None = None


class RayExecutor(Executor[RayHandle]):
    """Submits each run as a task in a separate process, which ends with it."""

    def start(self, run: Run) -> RayHandle:
        """Submit the run's task, or watch the run of a dispatcher that was killed.

        Raises:
            ExecutorError: the cluster can't be reached, or none of its nodes has the resources of
                the run.
        """
        handle = RayHandle(run)
        ray = _connect()
        if run.load_state() not in TRAINING:
            _check_room(ray, run)
            _submit(handle)
        return handle

    def is_alive(self, handle: RayHandle) -> bool:
        """Ask Ray once; continue the run elsewhere when its node has died, else record its end."""
        if handle.task is None:
            state = handle.run.load_state()
            if state is RunState.LOST:  # Ray has ended it with its dispatcher
                _submit_again(handle)
                return True
            return state in TRAINING
        import ray

        if not ray.wait([handle.task], timeout=0, fetch_local=False)[0]:
            return True
        handle.ended_at = handle.ended_at or time.monotonic()
        launch = None
        with suppress(RunError):  # a damaged record is ignored
            found = handle.run.load_launch()
            launch = found if found and found.attempt == handle.attempt else None
        try:
            code = ray.get(handle.task)
        except ray.exceptions.NodeDiedError:
            if handle.nodes_lost < MAX_NODES_LOST:
                _submit_again(handle)
                handle.nodes_lost += 1
                return True
            code = -signal.SIGKILL
        except ray.exceptions.RayError as error:
            code = _explain(handle.run, launch, error)
        if code == TRY_AGAIN_EXIT_CODE:  # the run is still in the queue
            return time.monotonic() - handle.ended_at <= RETRY_SECONDS
        # A record needs a process id, and a worker that began nothing has left none.
        record_end(handle.run, handle.attempt, launch, code, os.getpid())
        return False

    def stop(self, handle: RayHandle) -> None:
        """Cancel a task that waits or imports at once, any other after the grace period."""
        if handle.task is None:
            return
        handle.asked_at = handle.asked_at or time.monotonic()
        is_late = time.monotonic() - handle.asked_at > GRACE_SECONDS
        if is_late or not (handle.run.path / RunFile.STATUS).exists():
            import ray

            ray.cancel(handle.task, force=True)

    def describe(self) -> str:
        """Return the cluster's address."""
        return f"the Ray cluster at {_name_address()}"


def _name_address() -> str:
    return os.environ.get("RAY_ADDRESS", "").strip() or "this machine (RAY_ADDRESS is not set)"


def _connect() -> ModuleType:
    """Return Ray, connected to its cluster."""
    import ray

    if not ray.is_initialized():
        try:
            _knock()
            # RAY_ADDRESS goes before "auto", which is the cluster of this machine.
            ray.init("auto", log_to_driver=False, configure_logging=False)
        except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
            reason = str(error).strip().partition("\n")[0].rstrip(".")
            raise ExecutorError(
                f"The Ray cluster at {_name_address()} can't be reached: {reason}. Start it with "
                "“ray start --head”, or set RAY_ADDRESS to the host and port of its head."
            ) from error
    return cast(ModuleType, ray)


def _knock() -> None:
    """Raise an ``OSError`` if nothing listens: Ray itself tries for minutes."""
    host, _, port = os.environ.get("RAY_ADDRESS", "").strip().rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host.rpartition("/")[2], int(port)), KNOCK_SECONDS).close()


def _build_resources(run: Run) -> dict[str, int]:
    """Return the resources that Ray reserves for a run; a classical model does not need a GPU."""
    gpus = 0 if run.recipe.network in CLASSICAL else settings.run_gpus()
    return {"CPU": settings.run_cpus(), "GPU": gpus}


def _check_room(ray: ModuleType, run: Run) -> None:
    """Refuse a run that no node could ever take, which Ray would silently keep waiting."""
    needed = _build_resources(run)
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    if not any(all(node.get(name, 0) >= needed[name] for name in needed) for node in nodes):
        most = ", ".join(
            f"{node.get('CPU', 0):g} CPUs and {node.get('GPU', 0):g} GPUs" for node in nodes[:10]
        )
        raise ExecutorError(
            f"No node of the Ray cluster at {_name_address()} has the {needed['CPU']} CPUs and "
            f"{needed['GPU']} GPUs that {run.run_id} asks for; they have {most or 'none'}. Set "
            "FMNIST_RUN_CPUS and FMNIST_RUN_GPUS, or add a node."
        )


def _submit(handle: RayHandle) -> None:
    import ray

    needed = _build_resources(handle.run)
    handle.attempt = secrets.token_hex(4)
    # One process per task, so that its memory is free when it ends. Whether it is tried again is
    # decided here: a run that kills its worker would do so on every node.
    task = ray.remote(num_cpus=needed["CPU"], num_gpus=needed["GPU"], max_calls=1, max_retries=0)(
        train_run
    )
    environment = build_program_environment() | {"TF_NUM_INTRAOP_THREADS": str(needed["CPU"])}
    handle.task = task.remote(str(handle.run.path), handle.attempt, environment)


def _submit_again(handle: RayHandle) -> None:
    """Submit a run whose worker is gone; it resumes after its last completed epoch."""
    with hold_queue():
        for name in (RunFile.STATUS, RunFile.LAUNCH):
            (handle.run.path / name).unlink(missing_ok=True)
    _submit(handle)
    handle.ended_at = None


def _explain(run: Run, launch: Launch | None, error: Exception) -> int:
    """Return the exit code that stands for an error of Ray, which goes to the run's log."""
    import ray

    if isinstance(error, ray.exceptions.TaskCancelledError):
        return 0 if launch is None else -signal.SIGTERM
    with suppress(OSError), (run.path / RunFile.LOG).open("a") as log:
        log.write(f"{getattr(error, 'cause', error)}\n")
    # An error raised by the task itself, as opposed to a killed process.
    return 1 if isinstance(error, ray.exceptions.RayTaskError) else -signal.SIGKILL
