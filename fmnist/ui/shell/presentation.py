"""Presentation mode: a page in large type and without the sidebar, readable from the back row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from fmnist.charts.theme import PRESENTED_TEXT_SIZE
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.style import apply_style
from fmnist.ui.shell.url import read_parameter, render_choice, write_parameter

_PARAMETER: Final = "present"

# The button that ends it is in the header, on top of everything. Plotly measures texts in a
# separate hidden drawing, so that its margins fit the larger type.
_STYLE: Final = f"""
html {{ font-size: 20px !important; }}
[data-testid=stSidebar], [data-testid=stExpandSidebarButton] {{ display: none; }}
.stMainBlockContainer {{ padding: 3rem 3rem 2rem; }}
h1 {{ font-size: 1.4rem !important; padding: 0.2rem 0 0.3rem !important; }}
.js-plotly-plot .plotly text, #js-plotly-tester text {{
  font-size: {PRESENTED_TEXT_SIZE}px !important;
}}
:is([data-testid=stMarkdownContainer], [data-testid=stCaptionContainer]) code {{
  font-size: max(0.75em, {PRESENTED_TEXT_SIZE}px) !important;
}}
[class*=_bars] [role=listitem] {{ line-height: 1.2; margin: 0.1em 0 !important; }}
.st-key-presentation_end {{
  position: fixed; right: 3.5rem; top: 0.4rem; z-index: 999991; width: auto;
}}
"""


@dataclass
class Presentation:
    """Whether a session is presenting; a link with ``present=1`` also starts it."""

    is_on: bool = False


def is_presenting() -> bool:
    """Return whether this session is presenting."""
    state = get_state(Presentation)
    state.is_on = state.is_on or read_parameter(_PARAMETER) == "1"
    return state.is_on


def render_presentation() -> None:
    """Apply presentation mode and draw the button that ends it, or the one that starts it."""
    if not is_presenting():
        st.sidebar.button(
            "Present",
            icon=":material/slideshow:",
            type="tertiary",
            on_click=_switch,
            args=(True,),
            help="Large type and no sidebar, for a class. A link to the page keeps it.",
        )
        return
    write_parameter(_PARAMETER, "1")  # also after a change of page
    apply_style("presentation", _STYLE)
    with st.container(key="presentation_end"):
        st.button("End presentation", icon=":material/close:", on_click=_switch, args=(False,))


def render_parts(parts: Mapping[str, Callable[[], None]]) -> None:
    """Draw the parts of a page one below another; in a presentation, only the selected one.

    ``part=…`` in the URL selects it.

    Args:
        parts: the function that draws each part, by name.
    """
    for name in choose_parts(list(parts)):
        parts[name]()


def choose_parts(names: Sequence[str]) -> Sequence[str]:
    """Return the names of the parts to draw: all or, in a presentation, the selected one."""
    if not is_presenting():
        return names
    return [render_choice("Part", names, key="part", label_visibility="collapsed")]


def _switch(is_on: bool) -> None:
    get_state(Presentation).is_on = is_on
    write_parameter(_PARAMETER, "1" if is_on else None)
