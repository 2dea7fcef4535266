"""A computation beside the page: its result or its progress."""

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
"""Computations that take less are drawn at once, without a progress bar."""

_POLL_SECONDS: Final = 0.5


@dataclass
class Waiting:
    """The computation that is running for this session under a name, if one is.

    Attributes:
        running: the computation.
        asked: what the person has asked for, where that takes a button.
    """

    running: Background[Any] | None = None
    asked: tuple[object, ...] | None = None

    def ask(self, identity: tuple[object, ...]) -> None:
        """Compute what has this identity from the next drawing on."""
        self.asked = identity

    def cancel(self) -> None:
        """End it; an unfinished result is lost."""
        self.asked = None
        if self.running is not None:
            self.running.cancel()
            self.running = None


def compute_beside(
    name: str,
    identity: tuple[object, ...],
    compute: Callable[[Callable[[float], None]], T],
    text: str,
) -> T | None:
    """Return the result; until it is there, draw the progress and return None.

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


def compute_when_asked(
    name: str,
    identity: tuple[object, ...],
    compute: Callable[[Callable[[float], None]], T],
    *,
    label: str,
    text: str,
    cost: str,
) -> T | None:
    """Return the result once a person has requested it; until then, draw a button.

    The arguments are those of ``compute_beside``; the caller keeps the result.

    Args:
        name: as there.
        identity: as there.
        compute: as there.
        label: the label of the button.
        text: as there.
        cost: below the button: what it takes.
    """
    state = get_state(Waiting, name)
    if state.asked != identity:
        st.button(
            label, icon=":material/play_arrow:", key=f"{name}_ask", on_click=state.ask,
            args=(identity,),
        )  # fmt: skip
        st.caption(cost)
        return None
    try:
        found = compute_beside(name, identity, compute, text)
    except FmnistError:
        state.asked = None
        raise
    if found is None:
        st.button("Cancel", icon=":material/close:", key=f"{name}_cancel", on_click=state.cancel)
    return found
