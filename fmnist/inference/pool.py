"""The door to the inference workers; this side never imports TensorFlow."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
from cachetools import LRUCache, cachedmethod
from loky import ProcessPoolExecutor
from loky.process_executor import BrokenProcessPool
from numpy.typing import NDArray

from fmnist.classes import N_CLASSES
from fmnist.errors import FmnistError, InferenceError
from fmnist.runs import LayerRecord, Recipe, Run

TIMEOUT_SECONDS: Final = 120
"""A cold worker on a slow disk imports TensorFlow for half a minute; nothing takes longer."""

KEPT_ANSWERS: Final = 256
"""Calls of ``predict`` whose answers are kept, some kilobytes each."""

PARENT_SECONDS: Final = 1.0
"""How often a worker looks whether its server is still there."""


class InferencePool:
    """One worker process that answers for every session; a dead one is replaced.

    loky rather than ``concurrent.futures``: its workers don't run the server's main script again
    when they start. Its executor is held here, since the reusable one that loky offers is one for
    each thread, and every run of a page is a thread of its own. The last answers are
    remembered, as a page that is drawn anew asks about the same images again.
    """

    def __init__(self) -> None:
        self._answers: LRUCache[tuple[object, ...], NDArray[np.float32]] = LRUCache(KEPT_ANSWERS)
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Start the worker and its import of TensorFlow without waiting for it."""
        executor = self._executor()
        try:
            executor.submit(_warm)
        except BrokenProcessPool:
            self._drop(executor)
            self._executor().submit(_warm)

    @property
    def is_warm(self) -> bool:
        """Whether the worker has answered before: what it is asked next takes no seconds."""
        return bool(self._answers)

    def predict(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return what a run's network says.

        Args:
            run: its ``model.keras`` is loaded once and kept.
            images: uint8 ``(n, 28, 28)``.

        Returns:
            Probabilities, float32 ``(n, 10)``.

        Raises:
            InferenceError: the run has no model, or the worker could not answer.
        """
        path = _find_model(run)
        if len(images) == 0:
            return np.zeros((0, N_CLASSES), np.float32)
        return self._predict(path, path.stat().st_mtime_ns, images)

    @cachedmethod(
        lambda self: self._answers,
        key=lambda _, path, changed, images: (path, changed, images.shape, _digest(images)),
        lock=lambda self: self._lock,
    )
    def _predict(self, path: Path, _changed: int, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        y_proba: NDArray[np.float32] = self._call(_predict, str(path), images)
        y_proba.flags.writeable = False  # everybody who asks gets this very array
        return y_proba

    def extract(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return what enters the last layer of a run's network.

        Args:
            run: as for ``predict``.
            images: uint8 ``(n, 28, 28)``, not empty.

        Returns:
            float32 ``(n, k)``; how many features there are depends on the network.

        Raises:
            InferenceError: as for ``predict``.
        """
        features: NDArray[np.float32] = self._call(_extract, str(_find_model(run)), images)
        return features

    def export(self, run: Run, target: Path) -> None:
        """Write a run's network, without optimiser state, as ``.h5`` or ``.keras``.

        Raises:
            InferenceError: the run has no model, or the worker could not write the file.
        """
        self._call(_export, str(_find_model(run)), str(target))

    def describe(self, recipe: Recipe) -> Future[list[LayerRecord]]:
        """Ask for the layers of a recipe's network, in order, without waiting for them.

        The future raises ``InferenceError`` if the worker could not answer.
        """
        answer: Future[list[LayerRecord]] = Future()

        def ask() -> None:
            try:
                layers = self._call(_describe, recipe.to_dict())
                answer.set_result([LayerRecord.from_dict(layer) for layer in layers])
            except FmnistError as error:
                answer.set_exception(error)

        threading.Thread(target=ask, daemon=True).start()
        return answer

    def _call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        for attempt in (1, 2):
            executor = self._executor()
            try:
                return executor.submit(function, *arguments).result(TIMEOUT_SECONDS)
            except BrokenProcessPool as error:
                # Killed by a person or for its memory: the second attempt has a new worker.
                self._drop(executor)
                if attempt == 2:
                    raise InferenceError(
                        "The worker that runs the networks was ended twice, perhaps for lack of "
                        "memory. Close other programs and try again."
                    ) from error
            except TimeoutError as error:
                raise InferenceError(
                    f"The network did not answer within {TIMEOUT_SECONDS} seconds. Try again."
                ) from error
            except FmnistError:
                raise
            # Whatever Keras raises about a file that is no model, in words.
            except Exception as error:
                raise InferenceError(
                    f"The network could not be run: {type(error).__name__}: {error}. "
                    "If its model.keras is damaged, train the run again."
                ) from error
        raise AssertionError("unreachable")

    @staticmethod
    def _executor() -> Any:
        with _LOCK:
            if not _EXECUTORS:
                _EXECUTORS.append(
                    ProcessPoolExecutor(
                        max_workers=1,
                        timeout=None,
                        env=dict(_WORKER_ENVIRONMENT),
                        initializer=_end_with_parent,
                        initargs=(os.getpid(),),
                    )
                )
            return _EXECUTORS[0]

    @staticmethod
    def _drop(executor: Any) -> None:
        """Let the next question start a new worker in place of that one."""
        with _LOCK:
            if executor in _EXECUTORS:
                _EXECUTORS.remove(executor)
        executor.shutdown(wait=False, kill_workers=True)


_LOCK: Final = threading.Lock()
_EXECUTORS: Final[list[Any]] = []
"""The executor at work, or none: one a process, whatever thread asks."""

_WORKER_ENVIRONMENT: Final = {
    "TF_CPP_MIN_LOG_LEVEL": "2",
    # The page that draws the answer wants a core, too.
    "OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 2) // 2)),
}


def _digest(images: NDArray[np.uint8]) -> bytes:
    return hashlib.blake2b(images.tobytes(), digest_size=16).digest()


def _find_model(run: Run) -> Path:
    path = run.model_path
    if path is None:
        raise InferenceError(
            f"The run {run.run_id} has no model yet. Let it finish an epoch, or take another."
        )
    return path


def _end_with_parent(parent: int) -> None:
    """End the worker when the server is gone: after a kill -9 nobody else tells it to."""

    def watch() -> None:
        while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
            time.sleep(PARENT_SECONDS)
        os._exit(0)

    server = psutil.Process(parent)
    threading.Thread(target=watch, daemon=True).start()


# The functions that loky sends: by name, and so without importing the worker module here.
def _warm() -> bool:
    from fmnist.inference import worker

    return worker.warm()


def _predict(path: str, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    from fmnist.inference import worker

    return worker.predict(path, images)


def _extract(path: str, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    from fmnist.inference import worker

    return worker.extract(path, images)


def _export(path: str, target: str) -> None:
    from fmnist.inference import worker

    worker.export(path, target)


def _describe(recipe: dict[str, Any]) -> list[dict[str, Any]]:
    from fmnist.inference import worker

    return worker.describe(recipe)
