"""The workbench: a network of your own, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.network import plot_network
from fmnist.errors import RecipeError
from fmnist.networks.describe import describe_network
from fmnist.networks.registry import CUSTOM_NETWORK
from fmnist.networks.workbench import (
    NEW_LAYERS,
    Check,
    build_recipe,
    check_architecture,
    describe_layer,
    insert_layer,
    move_layer,
    remove_layer,
    replace_layer,
)
from fmnist.runs import Run
from fmnist.runs.layer_costs import MAX_PARAMETERS
from fmnist.ui.shell.halves import NARROW_WINDOW, split_page
from fmnist.ui.shell.markdown import escape_markdown
from fmnist.ui.shell.messages import show_error
from fmnist.ui.shell.page_state import get_state, read_widget
from fmnist.ui.shell.style import apply_style
from fmnist.ui.train.design_files import render_comparison, render_files, render_runs
from fmnist.ui.train.design_images import render_images
from fmnist.ui.train.design_state import DesignState
from fmnist.ui.train.layer_editor import render_layer
from fmnist.ui.widgets.chart import render_chart

LIST_HEIGHT: Final = 560

# Where the list stands above the fields rather than beside them, both are on one screen.
_NARROW_LIST: Final = f"""
@media (max-width: {NARROW_WINDOW}px) {{
  .st-key-design_list, [data-testid=stLayoutWrapper]:has(> .st-key-design_list) {{
    max-height: 260px;
  }}
}}
"""


def render_workbench(runs: Sequence[Run]) -> None:
    """Draw the design with its layers, costs and drawing; a click reruns only this fragment.

    Args:
        runs: all runs, some of which the design may start from.
    """
    state = get_state(DesignState)
    try:
        state.follow_url()
    except RecipeError as error:
        show_error(error, icon=":material/link_off:")
    apply_style("design", _NARROW_LIST)
    head = st.container(horizontal=True, vertical_alignment="center")
    left, right = split_page([5, 7])
    with right:
        tools = st.container()
        layer = render_layer(state.layers[state.at], f"layer_{state.version}_{state.at}")
        state.edit(replace_layer(state.layers, state.at, layer))
        with tools:  # after the fields, so that the buttons change the edited layers
            _render_tools(state)
        check = check_architecture(state.layers)
        _render_totals(check)
        _render_drawing(state, check)
        render_runs(state, runs, is_sound=not check.problem)
        if not check.problem:
            render_images(state, runs)
    with left:
        _render_list(state, check)
    with head:
        st.header("A network of your own", width="content")
        render_files(state, runs)
    render_comparison(state, runs)
    state.write_url()


def _render_tools(state: DesignState) -> None:
    """Draw the buttons that insert, move and remove layers, each with its keyboard shortcut."""
    layers, at = state.layers, state.at
    st.markdown(f"**Layer {at + 1}: {type(layers[at]).__name__}**", help=type(layers[at]).__doc__)
    with st.container(horizontal=True, gap="small"):
        for label, icon, key, shortcut, act, is_idle in (
            (
                "Up",
                "arrow_upward",
                "design_up",
                "Alt+Up",
                partial(state.change, move_layer(layers, at, -1), max(at - 1, 0)),
                at == 0,
            ),
            (
                "Down",
                "arrow_downward",
                "design_down",
                "Alt+Down",
                partial(state.change, move_layer(layers, at, 1), at + 1),
                at == len(layers) - 1,
            ),
            (
                "Remove",
                "delete",
                "design_remove",
                "Alt+Delete",
                partial(state.change, remove_layer(layers, at), at),
                len(layers) == 1,
            ),
            ("Undo", "undo", "design_undo", "Alt+Z", state.undo, not state.past),
            ("Redo", "redo", "design_redo", "Alt+Y", state.redo, not state.future),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=key,
                type="tertiary",
                shortcut=shortcut,
                on_click=act,
                disabled=is_idle,
            )
        key = f"design_add_{state.version}"
        st.selectbox(
            "Insert a layer after this one",
            list(NEW_LAYERS),
            None,
            placeholder="Insert after it",
            label_visibility="collapsed",
            key=key,
            width=190,
            on_change=lambda: _add(state, read_widget(key)),
        )


def _add(state: DesignState, kind: str | None) -> None:
    if kind is not None:
        layers, at = state.layers, state.at
        state.attempt(partial(insert_layer, layers, NEW_LAYERS[kind], at), at + 1)


def _render_list(state: DesignState, check: Check) -> None:
    """Draw the list of layers, each with its shape and costs, or its error."""
    key = f"design_layers_{state.version}"
    with st.container(height=LIST_HEIGHT, border=True, key="design_list"):
        st.radio(
            "Layers, from the image on",
            range(len(state.layers)),
            state.at,
            format_func=lambda i: f"{i + 1}. {describe_layer(state.layers[i])}",
            captions=[_caption(check, i) for i in range(len(state.layers))],
            key=key,
            on_change=lambda: state.choose(read_widget(key, state.at)),
        )


def _caption(check: Check, i: int) -> str:
    if check.layer == i:
        return f":red[:material/error: {escape_markdown(check.problem)}]"
    cost = check.costs[i]
    if cost is None:
        return "–"
    words = [" × ".join(map(str, cost.shape))]
    if len(cost.shape) == 3:
        words.append(f"sees {cost.receptive_field} px")
    if cost.parameters:
        words.append(f"{cost.parameters:,} parameters")
    if cost.multiplications:
        words.append(f"{cost.multiplications / 1e6:.2f} M multiplications")
    return ", ".join(words)


def _render_totals(check: Check) -> None:
    share = check.parameters / MAX_PARAMETERS
    st.progress(
        min(1.0, share),
        text=f"{check.parameters:,} of {MAX_PARAMETERS:,} parameters, "
        f"{check.multiplications / 1e6:,.1f} M multiplications per image, "
        f"{check.parameters * 4 / 1e6:.1f} MB",
    )
    if check.problem:
        show_error(check.problem, icon=":material/edit_off:")


def _render_drawing(state: DesignState, check: Check) -> None:
    """Draw the network to scale if it is valid; its space is reserved either way."""
    with st.container(height=336, border=False):
        if check.problem:
            st.caption("The drawing comes back when the mistake is fixed.")
            return
        info = CUSTOM_NETWORK
        recipe = build_recipe(info.recipe, state.layers)
        layers = describe_network(recipe)
        # The list beside it has the values of each layer.
        render_chart(
            draw_once(plot_network, layers),
            f"Your network: {len(layers)} layers from left to right, "
            f"{check.parameters:,} parameters",
            key="design_drawing",
            table=False,
        )
