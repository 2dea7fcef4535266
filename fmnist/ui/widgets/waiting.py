"""A computation in the background of a page: its result or its progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import streamlit as st

from fmnist.errors import FmnistError
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.widgets.background import Background, follow

T = TypeVar("T")

_NOTICED_SECONDS: Final = 0.3
"""Faster computations are drawn directly, without a progress bar."""

_POLL_SECONDS: Final = 0.5


@dataclass
class Waiting:
    """The computation running for this session under a name, if any.

    Attributes:
        running: the computation.
        requested: identity of the result that the person has requested, if that takes a button.
    """

    running: Background[Any] | None = None
    requested: tuple[object, ...] | None = None

    def request(self, identity: tuple[object, ...]) -> None:
        """Request the result with this identity from the next rerun on."""
        self.requested = identity

    def cancel(self) -> None:
        """End the computation; an unfinished result is lost."""
        self.requested = None
        if self.running is not None:
            self.running.cancel()
            self.running = None


def compute_in_background(
    name: str,
    identity: tuple[object, ...],
    compute: Callable[[Callable[[float], None]], T],
    text: str,
) -> T | None:
    """Return the result; until it is ready, draw the progress and return None.

    The result is not kept here: a rerun computes it again, which is quick if it is cached.

    Args:
        name: unique on the page; a computation with another identity replaces the one of this name.
        identity: what the result depends on.
        compute: as for ``Background``.
        text: shown with the progress.

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


def compute_on_request(
    name: str,
    identity: tuple[object, ...],
    compute: Callable[[Callable[[float], None]], T],
    *,
    label: str,
    text: str,
    cost: str,
) -> T | None:
    """Return the result once a person has requested it; until then, draw a button.

    The arguments are those of ``compute_in_background``; the caller keeps the result.

    Args:
        name: as for ``compute_in_background``.
        identity: as for ``compute_in_background``.
        compute: as for ``compute_in_background``.
        label: the label of the button.
        text: as for ``compute_in_background``.
        cost: the time it takes, shown below the button.
    """
    state = get_state(Waiting, name)
    if state.requested != identity:
        st.button(
            label, icon=":material/play_arrow:", key=f"{name}_ask", on_click=state.request,
            args=(identity,),
        )  # fmt: skip
        st.caption(cost)
        return None
    try:
        found = compute_in_background(name, identity, compute, text)
    except FmnistError:
        state.requested = None
        raise
    if found is None:
        st.button("Cancel", icon=":material/close:", key=f"{name}_cancel", on_click=state.cancel)
    return found
