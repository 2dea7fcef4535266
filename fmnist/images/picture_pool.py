"""Decodes and segments uploaded pictures in processes that can be killed."""

from __future__ import annotations

import functools
import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from typing import Final

from fmnist import settings
from fmnist.errors import ImageError
from fmnist.images.decode import MAX_SIDE, check_size
from fmnist.images.records import KindChoice, LoadedPicture, Overrides, Pixels
from fmnist.worker_process import OUT_OF_MEMORY, WorkerEndedError, WorkerHungError, WorkerProcess

_MODULE: Final = "fmnist.images"
_ENVIRONMENT: Final = {
    # The workers use all cores, and each thread's buffers would count towards the limit.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # glibc raises this threshold itself, then keeps 300 MB that the next large picture needs.
    # Memory that was given back must be cleared page by page when it is taken again: for the arrays
    # of a reduced picture, 1.2 MB each, that was a quarter of the time of reading it.
    "MALLOC_MMAP_THRESHOLD_": "4000000",
    "MALLOC_TRIM_THRESHOLD_": "16000000",
}

_SMALLER: Final = f"save it as PNG with at most {4 * MAX_SIDE:,} pixels per side"


class PicturePool:
    """The picture workers of this process, shared by all sessions.

    A picture is given to a free worker; if none is free, pictures wait in order of arrival. A
    worker that exceeds its time or memory is killed and replaced by a spare one that is already
    running. So one picture delays the others by at most ``settings.PICTURE_SECONDS``.
    """

    def __init__(self, n_workers: int | None = None) -> None:
        """Create the pool; workers start when needed.

        Args:
            n_workers: number of pictures read at the same time; by default,
                ``settings.picture_workers()``.
        """
        size = settings.picture_workers() if n_workers is None else n_workers
        self._free: list[WorkerProcess | None] = [None] * size
        self._spare: WorkerProcess | None = None
        self._turns: deque[Future[WorkerProcess | None]] = deque()
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Start the idle workers and the spare one without waiting for them.

        Errors are reported by the first picture.
        """
        with self._lock, suppress(OSError):
            for number, worker in enumerate(self._free):
                if worker is None or worker.has_ended:
                    self._free[number] = _start_worker()
            if self._spare is None or self._spare.has_ended:
                self._spare = _start_worker()

    def read(
        self,
        source: bytes | Pixels,
        name: str,
        kind: KindChoice = "auto",
        overrides: Overrides = Overrides(),  # noqa: B008 - it is frozen
    ) -> LoadedPicture:
        """Decode a picture and turn it into an image like the data set's.

        Args:
            source: a file's bytes, or its pixels as returned by ``decode_picture``.
            name: the file's name, used only in messages.
            kind: how to segment it.
            overrides: decisions made by a person.

        Raises:
            ImageError: as in ``decode_picture`` and ``prepare_picture``; or reading took more than
                ``settings.PICTURE_SECONDS`` or ``settings.PICTURE_MEMORY_MB``.
        """
        if isinstance(source, bytes):
            check_size(len(source), name)
        worker = self._take()
        try:
            for is_last in (False, True):
                if worker is None:
                    worker = _start_worker()
                elif worker.has_ended:
                    worker = self._replace()
                try:
                    read: LoadedPicture = worker.ask(
                        "read", source, name, kind, overrides,
                        seconds=settings.PICTURE_SECONDS,
                        start_seconds=settings.WORKER_START_SECONDS,
                    )  # fmt: skip
                except WorkerEndedError as error:
                    # Killed from outside or by the picture: the second time it is the picture.
                    if is_last or error.exit_code == OUT_OF_MEMORY:
                        raise
                else:
                    return read
            raise AssertionError
        except WorkerHungError as error:
            raise ImageError(_explain_delay(error, name)) from error
        except WorkerEndedError as error:
            raise ImageError(_explain_end(error, name)) from error
        except OSError as error:
            raise ImageError(
                f"{name} can't be read now: the process that reads pictures can't be started"
                f" ({error.strerror or error}). Close other programs and try again."
            ) from error
        finally:
            self._give_back(worker)

    def _take(self) -> WorkerProcess | None:
        """Return a worker that no other thread uses; None if it has yet to be started."""
        with self._lock:
            if self._free:
                return self._free.pop()
            turn: Future[WorkerProcess | None] = Future()
            self._turns.append(turn)
        return turn.result()

    def _replace(self) -> WorkerProcess:
        """Return the spare worker, and start another one.

        Raises:
            OSError: there is no spare worker and none can be started.
        """
        with self._lock:
            spare, self._spare = self._spare, None
            worker = _start_worker() if spare is None or spare.has_ended else spare
            with suppress(OSError):
                self._spare = _start_worker()
        return worker

    def _give_back(self, worker: WorkerProcess | None) -> None:
        if worker is not None and worker.has_ended:
            try:
                worker = self._replace()
            except OSError:  # the next picture tries again
                worker = None
        with self._lock:
            if self._turns:
                self._turns.popleft().set_result(worker)
            else:
                self._free.append(worker)


@functools.cache
def get_picture_pool() -> PicturePool:
    """Return the picture pool of this process."""
    return PicturePool()


def _start_worker() -> WorkerProcess:
    return WorkerProcess(_MODULE, _ENVIRONMENT)


def _explain_delay(error: WorkerHungError, name: str) -> str:
    if not error.is_warm:
        return (
            f"{name} can't be read right now: the process that reads pictures did not start within"
            f" {error.seconds:.0f} seconds. Close other programs and try again."
        )
    return (
        f"{name} takes more than {settings.PICTURE_SECONDS:g} seconds to read, the limit"
        f" for one picture: crop it to the garment, {_SMALLER}, and choose it again."
    )


def _explain_end(error: WorkerEndedError, name: str) -> str:
    if error.exit_code == OUT_OF_MEMORY:
        return (
            f"{name} needs more than {settings.PICTURE_MEMORY_MB} MB of memory to read, which is"
            f" the limit for one picture: {_SMALLER}, and choose it again."
        )
    return (
        f"{name} ended the process that reads pictures (exit status {error.exit_code}), twice:"
        f" it may be damaged. Open it in another program, {_SMALLER}, and choose it again."
    )
