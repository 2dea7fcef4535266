"""Per-session page state as typed dataclasses: the only module that touches ``st.session_state``.

A page declares a dataclass whose fields have defaults and asks for it::

    @dataclass
    class TrainState:
        run_name: str = ""

    state = get_state(TrainState)

The object lives as long as the browser session, across pages; assign to its fields.

Widgets get their value through an argument (``value=``, ``index=``, ``default=``), never by writing
to the widget's key: Streamlit sends such a write to the browser only once, and a rerun before the
browser has drawn the widget loses it. The widget then shows its minimum while Python computes with
the written value. To change a widget from code, give it a new key (``Field`` counts them) and the
new value.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import streamlit as st

from fmnist.ui.shell.url import read_parameter, write_parameter

T = TypeVar("T")

LATE_SECONDS: Final = 2.0
"""How long a rerun may still come with the URL that the browser had before a choice was written
into it: two clicks in a row, or a live part on the page."""


def get_state(kind: type[T], name: str = "") -> T:
    """Return this session's instance of a state class, initialised with its defaults.

    Args:
        kind: a dataclass whose fields all have defaults.
        name: distinguishes several instances, such as one per gallery of a page.
    """
    key = build_key(kind, name)
    if key not in st.session_state:
        st.session_state[key] = kind()
    return cast("T", st.session_state[key])


def build_key(kind: type, name: str = "") -> str:
    """Return the key under which ``get_state`` keeps an instance."""
    return f"{kind.__module__}.{kind.__qualname__}:{name}"


def read_widget(key: str, default: Any = None) -> Any:
    """Return a widget's value by its key, for use in its callback.

    Args:
        key: the key of the widget.
        default: returned if no widget with that key was drawn.
    """
    return st.session_state.get(key, default)


@dataclass
class Field:
    """A value that both the person and the program may change, drawn by one widget.

    Attributes:
        value: the value shown by the widget.
        version: grows with each change by the program, so that the widget gets a new key.
    """

    value: Any = None
    version: int = 0

    def set(self, value: Any) -> None:
        """Change the value from the program; shown from the next rerun on."""
        self.value = value
        self.version += 1

    def key(self, name: str) -> str:
        """Return the key of the field's widget, unique by ``name``."""
        return f"{name}_{self.version}" if self.version else name


@dataclass
class UrlChoice(Field):
    """One of several names, kept in the URL.

    The URL sets the initial value; later changes are written back.

    Attributes:
        seen: the value in the URL when the choice was last drawn.
        before: its previous value.
        written: the time of the change from that value, in seconds of a clock that only goes
            forward.
    """

    seen: str | None = None
    before: str | None = None
    written: float = -math.inf

    def follow(
        self,
        parameter: str,
        options: Sequence[str],
        *,
        keep: bool = False,
        ignore_stale_url: bool = False,
    ) -> str:
        """Return the name to show, updated from the URL if that has changed.

        Args:
            parameter: name of the URL's parameter.
            options: the names, at least one; the first is the default.
            keep: whether to keep the last choice if the URL names none, as after leaving the page
                and returning by the navigation.
            ignore_stale_url: whether to ignore a stale URL from before the last choice for
                ``LATE_SECONDS``; False if the program itself returns to a name, as undo does.
        """
        asked = read_parameter(parameter)
        was_there = ignore_stale_url and asked is not None and asked == self.before
        if was_there and time.monotonic() - self.written < LATE_SECONDS:
            asked = self.seen
        chosen = self.value if asked is not None or keep else None
        if asked in options and asked != self.seen:
            chosen = asked
        if chosen not in options:
            chosen = options[0]
        if chosen != self.value:
            self.version += self.value is not None
            self.value = chosen
        return str(chosen)

    def write(self, parameter: str, value: str) -> None:
        """Adopt the value of the widget, and write it into the URL."""
        if value != self.seen:
            self.before, self.written = self.seen, time.monotonic()
        self.value = self.seen = value
        write_parameter(parameter, value)


@dataclass
class UrlNumber(Field):
    """A number, kept in the URL unless it is the default.

    The URL sets the initial value; later changes are written back.

    Attributes:
        seen: the value in the URL when the number was last drawn or written.
    """

    seen: str | None = None

    def follow(self, parameter: str, asked: float | None, default: float) -> Any:
        """Return the number to show, updated from the URL if that has changed.

        Args:
            parameter: name of the URL's parameter.
            asked: its value as ``read_integer`` or ``read_float`` returns it.
            default: shown if the URL has no usable value.
        """
        if self.value is None:
            self.value = default if asked is None else asked
        elif read_parameter(parameter) != self.seen:
            number = default if asked is None else asked
            if number != self.value:
                self.set(number)
        return self.value

    def write(self, parameter: str, value: float, default: float) -> None:
        """Adopt the value of the widget, and write it into the URL."""
        self.value, self.seen = value, None if value == default else f"{value:.10g}"
        write_parameter(parameter, self.seen)
