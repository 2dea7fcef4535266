"""A picture worker: ``python -m fmnist.images`` answers requests on its standard output.

Each request names a function of ``fmnist.images.worker``; see ``fmnist.worker_process``.
"""

from __future__ import annotations

import traceback
from typing import Any

from fmnist.errors import FmnistError, ImageError, is_memory_error
from fmnist.images import worker
from fmnist.worker_process import Answer, answer_questions


def answer(function: str, arguments: tuple[Any, ...]) -> Answer:
    """Call a function of the worker; return whether it failed, and its value or error.

    Raises:
        MemoryError: memory ran out, in whatever form a library reports it.
    """
    try:
        return False, getattr(worker, function)(*arguments)
    except FmnistError as error:
        return True, error
    # Process boundary: any error is passed on to the page.
    except Exception as error:
        if is_memory_error(error):
            raise MemoryError from error
        traceback.print_exc()  # into the server's log
        _, name, *_ = *arguments, "The picture", ""
        return True, ImageError(
            f"{name} can't be segmented because of an error in the program"
            f" ({type(error).__name__}): crop it to the garment, or choose another picture."
        )


if __name__ == "__main__":
    answer_questions(answer)
