"""A worker for tests: ``python -m tests.support.echo_worker`` answers, hangs or fails as asked."""

from __future__ import annotations

import os
import signal
from typing import Any

from fmnist.worker_process import Answer, answer_questions


def answer(function: str, arguments: tuple[Any, ...]) -> Answer:
    """Return the arguments, or fail in the way named by the function."""
    if function == "hang":
        os.kill(os.getpid(), signal.SIGSTOP)
    if function == "use_all_memory":
        raise MemoryError
    if function == "fail":
        return True, ValueError(*arguments)
    return False, arguments


if __name__ == "__main__":
    answer_questions(answer)
