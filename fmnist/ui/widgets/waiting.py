"""A computation beside the page: its result, or how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import streamlit as st

from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.widgets.background import Background, follow

T = TypeVar("T")

_NOTICED_SECONDS: Final = 0.3
"""What takes less is drawn at once, without a progress bar."""

_POLL_SECONDS: Final = 0.5


@dataclass
class Waiting:
    """The computation that is running for this session under a name, if one is."""

    running: Background[Any] | None = None


def compute_beside(
    name: str,
    identity: tuple[object, ...],
    compute: Callable[[Callable[[float], None]], T],
    text: str,
) -> T | None:
    """Return what is computed; until it is there, draw the progress and return None.

    What was computed is forgotten: another drawing asks again, and finds it in a cache.

    Args:
        name: unique on the page; a computation of another identity ends the one of this name.
        identity: what the result depends on.
        compute: as for ``Background``.
        text: beside the progress.

    Raises:
        FmnistError: the computation failed.
    """
    state = get_state(Waiting, name)
    running: Background[T] = follow(state.running, identity, compute)
    state.running = running
    if running.wait(_NOTICED_SECONDS):
        state.running = None
        return running.get_result()

    @st.fragment(run_every=choose_interval(_POLL_SECONDS))
    def show_progress() -> None:
        if running.wait(0):
            st.rerun()
        st.progress(min(running.share, 1.0), text=text)

    show_progress()
    return None
