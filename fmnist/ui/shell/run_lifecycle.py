"""State badges, actions, undo and error toasts of runs and studies, the same on every page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal

import streamlit as st

from fmnist.access.roles import Action
from fmnist.errors import FmnistError
from fmnist.runs import RunState
from fmnist.study import StudyState
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.markdown import escape_name
from fmnist.ui.shell.messages import show_toast
from fmnist.ui.shell.page_state import get_state

Noun = Literal["run", "study"]

PLURALS: Final[dict[Noun, str]] = {"run": "runs", "study": "studies"}

_STOPS: Final = {"run": Action.STOP_RUN, "study": Action.STOP_STUDY}
_RESUMES: Final = {"run": Action.RESUME_RUN, "study": Action.RESUME_STUDY}

_BADGES: Final[dict[str, tuple[Any, str]]] = {
    RunState.QUEUED: ("gray", "hourglass_empty"),
    StudyState.STARTING: ("gray", "hourglass_empty"),
    RunState.RUNNING: ("blue", "play_circle"),
    RunState.STOPPING: ("orange", "pending"),
    RunState.STOPPED: ("orange", "stop_circle"),
    RunState.FINISHED: ("green", "check_circle"),
    RunState.FAILED: ("red", "error"),
    RunState.LOST: ("red", "link_off"),
    RunState.DAMAGED: ("red", "broken_image"),
}
"""Colour and icon for each state; states shared by runs and studies look the same."""

_STOPPABLE: Final = frozenset({RunState.QUEUED, RunState.RUNNING, StudyState.STARTING})
_RESUMABLE: Final = frozenset({RunState.STOPPED, RunState.FAILED, RunState.LOST, RunState.DAMAGED})


@dataclass
class Deleted:
    """The runs or studies last deleted by this session."""

    names: list[str] = field(default_factory=list)


def render_badge(state: RunState | StudyState) -> None:
    """Draw a state with its colour and icon."""
    color, icon = _BADGES[state]
    st.badge(state.value, color=color, icon=f":material/{icon}:")


def act(action: Callable[..., object], *arguments: Any, **options: Any) -> None:
    """Run a button's action; an error becomes a toast at the next rerun."""
    attempt(action, *arguments, **options)


def attempt(action: Callable[..., object], *arguments: Any, **options: Any) -> bool:
    """Run an action and return whether it succeeded; if not, a toast shows the error."""
    try:
        action(*arguments, **options)
    except FmnistError as error:
        show_toast(error)
        return False
    return True


def render_stop_or_resume(
    noun: Noun,
    state: RunState | StudyState,
    *,
    stop: Callable[[], object],
    resume: Callable[[], object],
    stop_label: str,
    owner: str,
) -> None:
    """Draw the button to stop or to resume, or neither, depending on the state.

    It is disabled, with the reason, for people who may not use it.
    """
    if state in _STOPPABLE:
        st.button(
            stop_label,
            icon=":material/stop:",
            key=f"stop_{noun}",
            on_click=partial(act, stop),
            **get_lock(_STOPS[noun], owner),
        )
    elif state in _RESUMABLE:
        st.button(
            "Resume",
            icon=":material/resume:",
            key=f"resume_{noun}",
            on_click=partial(act, resume),
            **get_lock(_RESUMES[noun], owner),
        )


def delete(noun: Noun, deletions: Mapping[str, Callable[[], object]]) -> list[str]:
    """Delete runs or studies, and offer to restore them.

    Args:
        noun: runs or studies.
        deletions: the function that deletes each, by name.

    Returns:
        The names of the deleted ones; for each of the others, a toast says why it was not deleted.
    """
    gone = [name for name, delete_one in deletions.items() if attempt(delete_one)]
    if gone:
        get_state(Deleted, noun).names = gone
    return gone


def restore(noun: Noun, names: Sequence[str], restore_one: Callable[[str], object]) -> list[str]:
    """Restore deleted runs or studies; return the names of those restored."""
    back = [name for name in names if attempt(restore_one, name)]
    deleted = get_state(Deleted, noun)
    deleted.names = [name for name in deleted.names if name not in back]
    return back


def render_trash(
    noun: Noun,
    names: Sequence[str],
    *,
    restore: Callable[[Sequence[str]], None],
    erase: Callable[[str], None],
) -> None:
    """Draw the content of the trash, to restore it or remove it permanently.

    Args:
        noun: runs or studies.
        names: their names in the trash; if empty, nothing is drawn.
        restore: called with the chosen names.
        erase: called with each of the chosen names.
    """
    if not names:
        return
    plural = PLURALS[noun]
    with st.expander(f"Deleted {plural} ({len(names)})", icon=":material/delete:"):
        chosen = st.multiselect(f"Deleted {plural}", names, key=f"{plural}_trash")
        with st.container(horizontal=True):
            st.button(
                "Restore",
                icon=":material/restore_from_trash:",
                key=f"{plural}_restore",
                on_click=partial(restore, chosen),
                disabled=not chosen,
            )
            with st.popover("Erase", icon=":material/delete_forever:", disabled=not chosen):
                st.markdown("This frees their disk space. It can't be undone.")
                st.button(
                    f"Erase {len(chosen)} {noun if len(chosen) == 1 else plural}",
                    type="primary",
                    key=f"{plural}_erase",
                    on_click=_erase,
                    args=(noun, chosen, erase),
                )


def _erase(noun: Noun, names: Sequence[str], erase_one: Callable[[str], None]) -> None:
    erased = {name for name in names if attempt(erase_one, name)}
    deleted = get_state(Deleted, noun)
    deleted.names = [name for name in deleted.names if name not in erased]


def render_undo(noun: Noun, undo: Callable[[Sequence[str]], None]) -> None:
    """Offer to restore the runs or studies last deleted by this session.

    Args:
        noun: runs or studies.
        undo: called with the names; calls ``restore``.
    """
    names = get_state(Deleted, noun).names
    if not names:
        return
    one = f"{escape_name(names[0])} was deleted."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            one if len(names) == 1 else f"{len(names)} {PLURALS[noun]} were deleted.",
            width="content",
        )
        st.button(
            "Undo", icon=":material/undo:", key=f"undo_{noun}", on_click=partial(undo, list(names))
        )
