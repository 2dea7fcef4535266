"""Network cards: a drawing of each network, its accuracy and its training time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.thumbnail import draw_thumbnail
from fmnist.comparison.expectation import Expectation, find_expectation
from fmnist.networks import (
    CLASSICAL_MODELS,
    NETWORKS,
    PACE_MACHINE,
    NetworkInfo,
    find_network,
)
from fmnist.runs import Run
from fmnist.runs.progress import format_seconds
from fmnist.runs.recipe import CUSTOM
from fmnist.ui.shell.markdown import escape_markdown, escape_name
from fmnist.ui.shell.page_state import read_widget
from fmnist.ui.train.lr_range import count_images
from fmnist.ui.train.state import TrainState
from fmnist.ui.train.views import DESIGN, show_view

_COLUMNS: Final = 2
_HEIGHT: Final = "8rem"
"""Height of a card below its button: so that six of them stand beside the form."""

_CLAMP: Final = (
    "display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden"
)
_LINE: Final = "white-space:nowrap;overflow:hidden;text-overflow:ellipsis"


def render_cards(state: TrainState, runs: Sequence[Run]) -> NetworkInfo:
    """Let the person choose what to train, in sync with ``network=…`` in the URL.

    Args:
        state: the state of the page.
        runs: all runs, newest first, from which the expected accuracy and time are taken.
    """
    names = [*NETWORKS, CUSTOM, *CLASSICAL_MODELS]
    chosen = find_network(state.network.follow("network", names, keep=True, ignore_stale_url=True))
    state.network.write("network", chosen.name)
    places = [
        column.container(border=False, gap="xsmall", height="content")
        for _ in range(0, len(NETWORKS) + 1, _COLUMNS)
        for column in st.columns(_COLUMNS, gap="small")
    ]
    for info, place in zip(NETWORKS.values(), places, strict=False):
        with place:
            expected = _expect(info, runs)
            _render_button(state, info, expected, is_chosen=info == chosen)
            st.html(_describe(info, expected))
    with places[len(NETWORKS)]:
        _render_classical(state, chosen, runs)
    if chosen.name == CUSTOM:
        _render_button(state, chosen, None, is_chosen=True)
    st.button(
        "Design a network of your own",
        type="tertiary",
        icon=":material/architecture:",
        key="to_design",
        on_click=partial(show_view, DESIGN),
    )
    return chosen


def _expect(info: NetworkInfo, runs: Sequence[Run]) -> Expectation | None:
    usual = (info.images_per_second, PACE_MACHINE)
    return find_expectation(info.recipe, runs, n_images=count_images(), usual=usual)


def _render_button(
    state: TrainState, info: NetworkInfo, expected: Expectation | None, *, is_chosen: bool
) -> None:
    st.button(
        info.title,
        icon=":material/check_circle:" if is_chosen else None,
        type="primary" if is_chosen else "secondary",
        width="stretch",
        key=f"network_{info.name}",
        help=_explain(info, expected),
        on_click=partial(_choose, state, info.name),
    )


def _choose(state: TrainState, name: str) -> None:
    if name != state.network.value:
        state.network.set(name)
        state.network.write("network", name)


def _render_classical(state: TrainState, chosen: NetworkInfo, runs: Sequence[Run]) -> None:
    """Offer the models without layers, as baselines."""
    names = list(CLASSICAL_MODELS)
    key = state.network.key("classical_model")
    st.selectbox(
        "Classical model",
        names,
        names.index(chosen.name) if chosen.name in names else None,
        format_func=lambda name: CLASSICAL_MODELS[name].title,
        placeholder="Classical model",
        label_visibility="collapsed",
        key=key,
        on_change=lambda: _choose(state, read_widget(key)) if read_widget(key) else None,
    )
    if chosen.name in names:
        st.html(_describe(chosen, _expect(chosen, runs)))
    else:
        st.html(_wrap("", "Models of scikit-learn, without layers: what a network has to beat."))


def _describe(info: NetworkInfo, expected: Expectation | None) -> str:
    """Return the drawing, description and metrics of a network as HTML, six lines at most."""
    drawing = "" if info.name in CLASSICAL_MODELS else draw_once(draw_thumbnail, info.recipe)
    sentence = info.summary.partition(". ")[0].rstrip(".") + "."
    figures = ["Not trained yet."]
    if expected is not None:
        duration = format_seconds(expected.seconds)
        place = f"({expected.machine})" if expected.machine else "here"
        figures = [
            f"<b>{expected.accuracy:.2%}</b>{', taught' if expected.teacher else ''} · "
            f"{expected.parameters / 1e6:.2g} M parameters",
            f"{info.recipe.epochs} epochs: {duration} {escape(place)}",
        ]
    return _wrap(drawing, sentence, *figures)


def _explain(info: NetworkInfo, expected: Expectation | None) -> str:
    """Return a network's full summary and the source of the metrics on its card."""
    if expected is None:
        return info.summary
    place = f"on {escape_markdown(expected.machine)}" if expected.machine else "on this machine"
    taught = f", taught by {escape_name(expected.teacher)}," if expected.teacher else ""
    return (
        f"{info.summary} The run {escape_name(expected.run_id)}{taught} reached "
        f"{expected.accuracy:.2%} on the test set in {expected.epochs} epochs, with "
        f"{expected.parameters:,} parameters. The time is for the default recipe, at the pace "
        f"measured {place}."
    )


def _wrap(drawing: str, sentence: str, *figures: str) -> str:
    lines = "".join(f'<div style="{_LINE}">{line}</div>' for line in figures)
    return (  # 12 pixels, and 16 in a presentation
        f'<div style="font-size:calc(1rem - 4px);line-height:1.35;max-height:{_HEIGHT};'
        'overflow:hidden">'
        f'{drawing}<div style="{_CLAMP}">{escape(sentence)}</div>{lines}</div>'
    )
