"""A long computation in a thread, during which the page stays usable."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

ABANDONED_SECONDS: Final = 10.0
"""A computation ends if no page has asked for its result for this long."""


class Background(Generic[T]):
    """A computation in a separate thread; it ends when it is cancelled or abandoned."""

    def __init__(
        self, identity: tuple[object, ...], compute: Callable[[Callable[[float], None]], T]
    ) -> None:
        """Start the computation.

        Args:
            identity: what the result depends on.
            compute: returns the result. It frequently calls its argument with the fraction done, 0
                to 1; that call ends a cancelled computation.
        """
        self.identity = identity
        self.share = 0.0
        self._asked = time.monotonic()
        self._is_cancelled = False
        self._future: Future[T] = Future()
        threading.Thread(target=self._run, args=(compute,), daemon=True).start()

    @property
    def has_ended_early(self) -> bool:
        """Whether it was cancelled or abandoned before producing a result."""
        return self._future.done() and isinstance(self._future.exception(), CancelledError)

    def wait(self, seconds: float) -> bool:
        """Wait for the end and return whether it was reached."""
        self._asked = time.monotonic()
        return bool(wait([self._future], seconds).done)

    def get_result(self) -> T:
        """Return the result of a finished computation, or raise its error."""
        return self._future.result()

    def cancel(self) -> None:
        """End it at its next progress report."""
        self._is_cancelled = True

    def _run(self, compute: Callable[[Callable[[float], None]], T]) -> None:
        try:
            self._future.set_result(compute(self._report))
        # Whatever it is, the page raises it when it asks for the result.
        except BaseException as error:  # noqa: BLE001
            self._future.set_exception(error)

    def _report(self, share: float) -> None:
        self.share = share
        if self._is_cancelled or time.monotonic() - self._asked > ABANDONED_SECONDS:
            raise CancelledError


def follow(
    current: Background[Any] | None,
    identity: tuple[object, ...],
    compute: Callable[[Callable[[float], None]], T],
) -> Background[T]:
    """Return the current computation if it has this identity; otherwise start one in its place."""
    if current is not None and current.identity == identity and not current.has_ended_early:
        return current
    if current is not None:
        current.cancel()
    return Background(identity, compute)
