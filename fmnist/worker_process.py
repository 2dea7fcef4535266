"""A process that answers questions over two pipes: both ends, whatever it is asked.

A plain process with two pipes, rather than a pool of ``concurrent.futures`` or loky: those need
POSIX semaphores, which containers without a writable ``/dev/shm`` do not have, and the former runs
the server's main script again in its worker.

``python -m MODULE`` calls ``answer_questions``; the caller holds a ``WorkerProcess(MODULE)``. A
question is a pickled pair: the name of a function and its arguments. An answer is a pickled pair:
whether it is an error, and the value or the error.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from contextlib import suppress
from queue import SimpleQueue
from typing import IO, Any, Final, TypeAlias

from fmnist import settings

Question: TypeAlias = tuple[str, tuple[Any, ...]]
Answer: TypeAlias = tuple[bool, Any]


OUT_OF_MEMORY: Final = 77
"""Exit status of a worker that ran out of memory: what it holds by then is not worth keeping."""

PIPE_BYTES: Final = 2**20
"""The largest pipe that Linux gives every user; it takes memory only for what is in it."""


class WorkerEndedError(Exception):
    """The process ended before it answered.

    Attributes:
        exit_code: its exit status, negative for the signal that killed it.
    """

    def __init__(self, exit_code: int) -> None:
        super().__init__(f"the worker ended with exit status {exit_code}")
        self.exit_code = exit_code


class WorkerHungError(Exception):
    """The process was killed because it did not answer in time.

    Attributes:
        seconds: how long it was waited for.
        is_warm: whether it had warmed up.
    """

    def __init__(self, seconds: float, *, is_warm: bool) -> None:
        super().__init__(f"the worker did not answer within {seconds:g} seconds")
        self.seconds = seconds
        self.is_warm = is_warm


class WorkerProcess:
    """One process ``python -m MODULE``, which answers one question after the other.

    It ends when this process does, however that ends: its standard input is closed then.
    """

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        """Start the process and ask it to ``warm`` up, which is its first question.

        Args:
            module: what it runs; its main function calls ``answer_questions``.
            environment: variables added to this process's own.

        Raises:
            OSError: it can't be started.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=settings.PROJECT_DIR,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the command that asks, not for the worker
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        _enlarge(self._process.stdin)
        _enlarge(self._process.stdout)
        self._lock = threading.Lock()
        self._unsent: SimpleQueue[Question | None] = SimpleQueue()
        self._waiting: deque[Future[Any]] = deque()
        self._ended: WorkerEndedError | None = None
        self._is_killed = False
        self._last_answer = time.monotonic()
        threading.Thread(target=self._send, daemon=True).start()
        threading.Thread(target=self._receive, daemon=True).start()
        self._warm = self.submit("warm")

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the process was killed, or seen to have ended: it answers no more."""
        return self._is_killed or self._ended is not None

    def submit(self, function: str, *arguments: Any) -> Future[Any]:
        """Ask for ``function(*arguments)`` without waiting, even where the process hangs.

        The future raises what the function raised, or ``WorkerEndedError``.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._ended is not None:
                future.set_exception(self._ended)
                return future
            self._waiting.append(future)
            self._unsent.put((function, arguments))
        return future

    def ask(self, function: str, *arguments: Any, seconds: float, start_seconds: float) -> Any:
        """Return what ``function(*arguments)`` returns; a process that hangs is killed.

        Args:
            function: what to call in the worker.
            arguments: pickled.
            seconds: how long the worker may take for this question, and for each one before it.
            start_seconds: how long it may take to warm up.

        Raises:
            WorkerHungError: it took longer, and was killed.
            WorkerEndedError: it ended before it answered.
        """
        asked = time.monotonic()
        future = self.submit(function, *arguments)
        wait([self._warm], start_seconds)
        if not self._warm.done():
            self.kill()
            raise WorkerHungError(start_seconds, is_warm=False)
        while not future.done():
            left = max(asked, self._last_answer) + seconds - time.monotonic()
            if left <= 0:
                self.kill()
                raise WorkerHungError(seconds, is_warm=True)
            wait([future], left)
        return future.result()

    def kill(self) -> None:
        """End the process; what was asked and not answered raises ``WorkerEndedError``."""
        self._is_killed = True
        self._process.kill()

    def _send(self) -> None:
        """Write the questions: a pipe that the process does not read holds up this thread alone."""
        assert self._process.stdin is not None
        try:
            with self._process.stdin as pipe:
                while (question := self._unsent.get()) is not None:
                    pickle.dump(question, pipe)
                    pipe.flush()
        except OSError:  # it has just ended; the receiving thread will say so
            pass

    def _receive(self) -> None:
        assert self._process.stdout is not None
        try:
            with self._process.stdout as pipe:
                while True:
                    is_error, value = pickle.load(pipe)
                    self._last_answer = time.monotonic()
                    future = self._waiting.popleft()
                    if is_error:
                        future.set_exception(value)
                    else:
                        future.set_result(value)
        # The end of the process, or the half of an answer that a dying one wrote.
        except Exception:  # noqa: BLE001
            self._process.kill()
        ended = WorkerEndedError(self._process.wait())
        with self._lock:
            self._ended = ended
        self._unsent.put(None)
        for future in self._waiting:
            future.set_exception(ended)


def _enlarge(pipe: IO[bytes]) -> None:
    """Let a pipe hold most of a picture, on Linux.

    Reading it in 64 KB takes two dozen turns of a thread, each up to 5 ms apart for every busy
    thread of the server, while the worker waits to write the rest.
    """
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):  # this user has too many large pipes
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def answer_questions(answer: Callable[[str, tuple[Any, ...]], Answer]) -> None:
    """Answer on standard output, in the worker, until standard input ends.

    Args:
        answer: given a function's name and its arguments, returns whether it failed, and its
            value or error. It raises nothing but ``MemoryError``, which ends the process.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the answers
    questions: SimpleQueue[Question] = SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    while True:
        try:
            pickle.dump(answer(*questions.get()), answers)
            answers.flush()
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except BrokenPipeError:  # the caller has ended meanwhile
            os._exit(0)


def _listen(questions: SimpleQueue[Question]) -> None:
    """Take questions even while one is being answered, so that the end of the server is seen."""
    try:
        while True:
            questions.put(pickle.load(sys.stdin.buffer))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    finally:
        os._exit(0)
