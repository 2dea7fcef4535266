"""Sample pictures, drawn by the program."""

from __future__ import annotations

from typing import Final

import streamlit as st

from fmnist.images.examples import Example, draw_examples
from fmnist.ui.shell.page_state import Field, get_state

_STATE: Final = "predict_example"


def render_examples() -> Example:
    """Draw the sample pictures with a button each, and return the chosen one."""
    examples = draw_examples()
    choice = get_state(Field, _STATE)
    chosen = int(choice.value or 0)
    st.caption("Drawn by this program, not photographed.")
    with st.container(horizontal=True):
        for number, example in enumerate(examples):
            with st.container(width=120):
                st.image(example.preview, width=104, alt=example.title)
                st.button(
                    example.title,
                    key=f"{_STATE}_{number}",
                    type="primary" if number == chosen else "secondary",
                    on_click=choice.set,
                    args=(number,),
                    width="stretch",
                )
    return examples[chosen]
