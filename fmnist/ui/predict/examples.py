"""The gallery of pictures to try that the project draws itself."""

from __future__ import annotations

from typing import Final

import streamlit as st

from fmnist.images.examples import Example, draw_examples

_STATE: Final = "predict_example"


def render_examples() -> Example:
    """Draw the gallery; a click on a button takes that picture; return the one taken."""
    examples = draw_examples()
    chosen = int(st.session_state.get(_STATE, 0))
    with st.container(horizontal=True):
        for number, example in enumerate(examples):
            with st.container(width=120):
                st.image(example.picture, width=104)
                st.button(
                    example.title,
                    key=f"{_STATE}_{number}",
                    type="primary" if number == chosen else "secondary",
                    on_click=st.session_state.__setitem__,
                    args=(_STATE, number),
                    width="stretch",
                )
    return examples[chosen]
