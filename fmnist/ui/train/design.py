"""The Design view: your own network and the shipped ones, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fmnist.runs import Run
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.train.shipped import render_shipped
from fmnist.ui.train.workbench import render_workbench


def render_design(runs: Sequence[Run]) -> None:
    """Draw the workbench, with the shipped networks below it.

    Args:
        runs: all runs, newest first.
    """
    with show_errors("workbench"):
        render_workbench(runs)
    st.header("The networks, layer by layer")
    render_shipped()
