"""Reads pictures as they arrive, while the browser still sends others.

A page asks for its pictures only once all have been sent: a hundred photos take the browser a
second or two, in which the picture workers would be idle.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from typing import Final

from fmnist import settings
from fmnist.errors import FmnistError
from fmnist.images import KindChoice, get_picture_pool
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.uploads import follow_uploads
from fmnist.ui.widgets.picture_cache import PictureOwner, read_picture

MAX_WAITING: Final = 100
"""Pictures that wait to be read ahead, of all sessions; any more are read when a page asks."""

_LOGGER: Final = logging.getLogger(__name__)

_ARRIVED: Final[SimpleQueue[Callable[[], object]]] = SimpleQueue()


def read_arrivals(kind: KindChoice) -> None:
    """Read the pictures that this session uploads from now on as they arrive.

    ``read_picture`` then finds them in the cache, or waits until they are read.

    Args:
        kind: how the page will ask for them.
    """
    owner = weakref.ref(get_state(PictureOwner))

    def take(name: str, media_type: str, data: bytes) -> None:
        if media_type.startswith("image/") and _ARRIVED.qsize() < MAX_WAITING:
            _ARRIVED.put(partial(_read, owner, name, data, kind))

    follow_uploads(take)


def _read(owner: weakref.ref[PictureOwner], name: str, data: bytes, kind: KindChoice) -> None:
    session = owner()
    if session is not None:  # it has not ended meanwhile
        read = partial(get_picture_pool().read, data, name, kind)
        read_picture(session, data, read, kind, name=name)


def _work() -> None:
    while True:
        job = _ARRIVED.get()
        try:
            job()
        except FmnistError:
            pass  # the page will show it
        # The thread goes on with the next picture; the page reads this one itself.
        except Exception:
            _LOGGER.exception("a picture could not be read ahead")


for _ in range(settings.picture_workers()):
    threading.Thread(target=_work, daemon=True).start()
