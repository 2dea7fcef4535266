"""A computation of many seconds that runs in a thread while the page stays usable."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

ABANDONED_SECONDS: Final = 10.0
"""A computation ends if no one has asked for its result for this long: its page was left."""


class Background(Generic[T]):
    """A computation in a separate thread; it ends when it is cancelled or abandoned."""

    def __init__(
        self, identity: tuple[object, ...], compute: Callable[[Callable[[float], None]], T]
    ) -> None:
        """Start it.

        Args:
            identity: what it depends on.
            compute: returns the result; calls its argument with the share done, 0 to 1, often, as
                that is where it ends early.
        """
        self.identity = identity
        self.share = 0.0
        self._asked = time.monotonic()
        self._is_cancelled = False
        self._future: Future[T] = Future()
        threading.Thread(target=self._run, args=(compute,), daemon=True).start()

    @property
    def has_ended_early(self) -> bool:
        """Whether it was cancelled or abandoned before it had a result."""
        return self._future.done() and isinstance(self._future.exception(), CancelledError)

    def wait(self, seconds: float) -> bool:
        """Wait for the end and return whether it is over."""
        self._asked = time.monotonic()
        return bool(wait([self._future], seconds).done)

    def get_result(self) -> T:
        """Return the result of a computation that is over, or raise its error."""
        return self._future.result()

    def cancel(self) -> None:
        """Let it end at its next report."""
        self._is_cancelled = True

    def _run(self, compute: Callable[[Callable[[float], None]], T]) -> None:
        try:
            self._future.set_result(compute(self._report))
        # Whatever it is: the page raises it where it asks for the result.
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
    """Return the computation of an identity: the current one, or a new one in its place."""
    if current is not None and current.identity == identity and not current.has_ended_early:
        return current
    if current is not None:
        current.cancel()
    return Background(identity, compute)
