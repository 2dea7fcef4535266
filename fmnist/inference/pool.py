"""Predictions, features and exports of trained networks; this side never imports TensorFlow."""

from __future__ import annotations

import hashlib
import os
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from cachetools import LRUCache, cachedmethod
from numpy.typing import NDArray

from fmnist import settings
from fmnist.classes import N_CLASSES
from fmnist.errors import FmnistError, InferenceError, explain_write_error
from fmnist.keras_env import build_keras_environment
from fmnist.runs import LayerRecord, Recipe, Run
from fmnist.runs.files import replace_file
from fmnist.worker_process import OUT_OF_MEMORY, WorkerEndedError, WorkerHungError, WorkerProcess

_MODULE: Final = "fmnist.inference"
_ENVIRONMENT: Final = {
    **build_keras_environment(),
    "TF_CPP_MIN_LOG_LEVEL": "3",  # errors reach the caller as exceptions
    # The page that draws the answer needs a core, too.
    "OMP_NUM_THREADS": str(max(1, (os.cpu_count() or 2) // 2)),
}

CACHED_ANSWERS: Final = 256
"""Calls of ``predict`` whose answers are cached, some kilobytes each."""


class InferencePool:
    """The inference worker of this process, one for all sessions; a dead one is replaced.

    The latest answers are cached, since a page that is drawn again asks about the same images.
    """

    _worker: ClassVar[WorkerProcess | None] = None
    _worker_lock: ClassVar = threading.Lock()

    def __init__(self) -> None:
        self._answers: LRUCache[tuple[object, ...], NDArray[np.float32]] = LRUCache(CACHED_ANSWERS)
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Start the worker and its import of TensorFlow without waiting for it.

        Whatever goes wrong is reported by the first question that needs an answer.
        """
        with suppress(InferenceError):
            self._find_worker()

    @property
    def is_warm(self) -> bool:
        """Whether the worker has answered before, so that the next answer takes no seconds."""
        return bool(self._answers)

    def predict(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the class probabilities that a run's network predicts.

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
        y_proba: NDArray[np.float32] = self._call("predict", str(path), images)
        y_proba.flags.writeable = False  # every caller gets this very array
        return y_proba

    def extract(self, run: Run, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the features that enter the last layer of a run's network.

        Args:
            run: as for ``predict``.
            images: uint8 ``(n, 28, 28)``, not empty.

        Returns:
            float32 ``(n, k)``; how many features there are depends on the network.

        Raises:
            InferenceError: as for ``predict``.
        """
        features: NDArray[np.float32] = self._call("extract", str(_find_model(run)), images)
        return features

    def export(self, run: Run, target: Path) -> None:
        """Write a run's network, without optimiser state, as ``.h5`` or ``.keras``.

        Raises:
            InferenceError: the run has no model, the target can't be written, or the worker could
                not convert the network.
        """
        path = _find_model(run)
        try:
            with replace_file(target) as file:  # first: a bad target is reported at once
                file.write(self._call("export", str(path), target.suffix))
        except OSError as error:
            raise InferenceError(explain_write_error(error, str(target))) from error

    def describe(self, recipe: Recipe) -> Future[list[LayerRecord]]:
        """Ask for the layers of a recipe's network, in order, without waiting for them.

        The future raises ``FmnistError`` if the worker could not answer.
        """
        answer: Future[list[LayerRecord]] = Future()

        def ask() -> None:
            try:
                layers = self._call("describe", recipe.to_dict())
                answer.set_result([LayerRecord.from_dict(layer) for layer in layers])
            except FmnistError as error:
                answer.set_exception(error)

        threading.Thread(target=ask, daemon=True).start()
        return answer

    def _call(self, function: str, *arguments: Any) -> Any:
        try:
            return self._ask(function, *arguments)
        except WorkerEndedError:  # killed by a person or for its memory: ask a new one, once
            pass
        try:
            return self._ask(function, *arguments)
        except WorkerEndedError as error:
            raise InferenceError(_explain_end(error.exit_code)) from error

    def _ask(self, function: str, *arguments: Any) -> Any:
        try:
            return self._find_worker().ask(
                function,
                *arguments,
                seconds=settings.ANSWER_SECONDS,
                start_seconds=settings.WORKER_START_SECONDS,
            )
        except WorkerHungError as error:
            self.warm()
            raise InferenceError(_explain_delay(error)) from error

    @classmethod
    def _find_worker(cls) -> WorkerProcess:
        with cls._worker_lock:
            if cls._worker is None or cls._worker.has_ended:
                try:
                    InferencePool._worker = WorkerProcess(_MODULE, _ENVIRONMENT)
                except OSError as error:
                    raise InferenceError(
                        f"The inference worker can't be started: {error.strerror or error}. Close "
                        "other programs and try again."
                    ) from error
            assert InferencePool._worker is not None
            return InferencePool._worker


def _explain_delay(error: WorkerHungError) -> str:
    if not error.is_warm:
        return (
            f"TensorFlow did not start within {error.seconds:.0f} seconds; its process was ended "
            "and is started again. Close other programs and try again."
        )
    return (
        f"The network did not answer within {error.seconds:.0f} seconds; the process that computes "
        "its answers was ended and replaced. Try again, or choose a smaller network."
    )


def _explain_end(exit_code: int) -> str:
    if exit_code == OUT_OF_MEMORY:
        return (
            "The memory ran out while the network was computing, in a new process too. The run is "
            "fine: close other programs, or let running trainings end, and try again."
        )
    if exit_code < 0:
        return (
            f"The inference worker was killed twice (signal {-exit_code}), perhaps for lack of "
            "memory. Close other programs and try again."
        )
    return (
        f"The inference worker ended twice with exit status {exit_code}. The output of the server "
        "or command says why."
    )


def _digest(images: NDArray[np.uint8]) -> bytes:
    return hashlib.blake2b(images.tobytes(), digest_size=16).digest()


def _find_model(run: Run) -> Path:
    path = run.model_path
    if path is None:
        raise InferenceError(
            f"The run {run.run_id} has no model yet. Let it finish an epoch, or choose another run."
        )
    return path
