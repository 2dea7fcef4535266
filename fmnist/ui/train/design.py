"""The Design view: a network of your own, and those of the program, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fmnist.runs import Run
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.train.shipped import render_shipped
from fmnist.ui.train.workbench import render_workbench


def render_design(runs: Sequence[Run]) -> None:
    """Draw the workbench and, below it, the networks that the program has.

    Args:
        runs: those there are, newest first.
    """
    st.header("A network of your own")
    with show_errors("workbench"):
        render_workbench(runs)
    st.header("The networks, layer by layer")
    render_shipped()
