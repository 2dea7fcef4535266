"""The settings of a new run, each with a default and a sentence."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from fmnist.networks import NETWORKS, NetworkInfo, find_network
from fmnist.runs import Recipe, Run
from fmnist.runs.settings_spec import AUGMENTATION_LABELS, PRECISION_LABELS, SCHEDULE_LABELS
from fmnist.ui.train.lr_range import render_schedule
from fmnist.ui.train.sources import render_edits, render_start_from

_SHARES = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0]

Key = Callable[[str], str]
"""Gives the widget of a setting its key, under which its value stands in the session state."""


def render_network_choice() -> NetworkInfo:
    """Let the person choose which network to train; a draft that just came chooses its own."""
    draft = st.session_state.get("recipe_draft")
    is_new = draft is not None and st.session_state.get("draft_followed") != draft
    if draft is not None and is_new:
        st.session_state["draft_followed"] = draft
        st.session_state["network"] = draft["network"]
    name = st.radio(  # its options wrap, where others' scroll out of a narrow column
        "Network",
        list(NETWORKS),
        format_func=lambda key: NETWORKS[key].title,
        horizontal=True,
        key="network",
        bind="query-params",
    )
    info = find_network(name or "cnn")
    st.caption(info.summary)
    return info


def take_draft(network: str) -> Recipe | None:
    """Return the recipe for this network that another page left to be trained, or None.

    A page leaves one by ``st.session_state["recipe_draft"] = recipe.to_dict()`` and goes to Train.

    Raises:
        RecipeError: its values are none of a recipe.
    """
    values = st.session_state.get("recipe_draft")
    return Recipe.from_dict(values) if values and values["network"] == network else None


def drop_draft() -> None:
    """Forget the draft: the form shows the network's defaults again."""
    st.session_state.pop("recipe_draft", None)
    st.session_state.pop("draft_followed", None)


def render_form(info: NetworkInfo, runs: Sequence[Run]) -> tuple[Recipe, bool, str]:
    """Draw the settings and return what they make.

    The settings are plain widgets rather than a Streamlit form, so that what follows from them
    (the schedule, the command, the range test) follows at once.

    Args:
        info: the network to train.
        runs: those there are, one of which it may start from.

    Returns:
        The recipe; whether it can be trained (what is wrong with it is told); and the key under
        which the learning rate stands in the session state, for a button that changes it.

    Raises:
        RecipeError: the draft that another page left is no recipe.
    """
    draft = take_draft(info.name)
    default = draft or info.recipe
    _render_presets(info, draft)
    # Another draft has other keys: widgets keep what stood under theirs.
    mark = f"{zlib.crc32(repr(draft).encode()):08x}" if draft else "own"

    def key(name: str) -> str:
        key = f"{info.name}_{mark}_{name}"
        st.session_state.setdefault(key, getattr(default, name))
        return key

    values = _render_settings(default, key)
    schedule = st.container()
    with st.expander("Finer points", icon=":material/tune:"):
        values |= _render_finer_points(key)
        values["start_from"] = render_start_from(key("start_from"), info, runs)
        values["edits"], is_ready = render_edits(key("edits"), default.validation_share)
    recipe = dataclasses.replace(default, **values)
    with schedule:
        render_schedule(recipe)
    return recipe, is_ready, key("learning_rate")


def _render_presets(info: NetworkInfo, draft: Recipe | None) -> None:
    """Offer the network's presets, and the way back to its defaults."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, preset in info.presets.items():
            st.button(
                f"{name.capitalize()}: {preset.epochs} epochs",
                type="secondary",
                icon=":material/bolt:" if name == "quick" else ":material/trophy:",
                disabled=draft == preset,
                on_click=partial(st.session_state.__setitem__, "recipe_draft", preset.to_dict()),
            )
        if draft is not None:
            if draft not in info.presets.values():
                st.caption("Filled in with the recipe you brought here.", width="content")
            st.button("Back to the defaults", type="tertiary", on_click=drop_draft)


def _render_settings(default: Recipe, key: Key) -> dict[str, Any]:
    left, right = st.columns(2)
    return {
        "epochs": left.number_input(
            "Epochs", 1, 500, key=key("epochs"),
            help="Passes over the training images. More learn more, until validation stops rising.",
        ),
        "train_share": right.select_slider(
            "Data share", sorted({*_SHARES, default.train_share}), key=key("train_share"),
            format_func=lambda share: f"{share:.0%}",
            help="Part of the training images: a small one for a quick look, all for the best.",
        ),
        "batch_size": left.selectbox(
            "Batch size", sorted({32, 64, 128, 256, 512, default.batch_size}),
            key=key("batch_size"),
            help="Images a step. Small ones step often and noisily, large ones use the machine "
            "better.",
        ),
        "augmentation": right.selectbox(
            "Augmentation", list(AUGMENTATION_LABELS), key=key("augmentation"),
            format_func=AUGMENTATION_LABELS.__getitem__,
            help="Changes that leave a garment what it is, so that the network never sees the "
            "same picture twice: left and right exchanged, moved by up to two pixels, a "
            "rectangle filled with noise.",
        ),
        "dropout": left.slider(
            "Dropout", 0.0, 0.9, step=0.05, key=key("dropout"),
            help="Share of units silenced at random while training, so that none is relied on.",
        ),
        "early_stopping": right.number_input(
            "Early stopping", 0, 100, key=key("early_stopping"),
            help="Ends after so many epochs without a better validation accuracy; 0 never ends "
            "early. The best epoch is kept in any case.",
        ),
        "learning_rate": left.number_input(
            "Learning rate", 1e-6, 1.0, step=1e-4, format="%g", key=key("learning_rate"),
            help="How far a step goes. Too high and the loss jumps about, too low and it creeps.",
        ),
        "schedule": right.selectbox(
            "Schedule", list(SCHEDULE_LABELS), key=key("schedule"),
            format_func=SCHEDULE_LABELS.__getitem__,
            help="How the learning rate runs over the training. Falling to nearly nothing lets the "
            "weights settle where they are best.",
        ),
    }  # fmt: skip


def _render_finer_points(key: Key) -> dict[str, Any]:
    return {
        "averaging": st.toggle(
            "Average the weights", key=key("averaging"),
            help="Validates, keeps and tests the running average of the last steps, which errs "
            "less than any one of them.",
        ),
        "normalisation": st.toggle(
            "Batch normalisation", key=key("normalisation"),
            help="Keeps what each layer passes on in one range, where the network has such layers.",
        ),
        "weight_decay": st.number_input(
            "Weight decay", 0.0, 1.0, step=0.005, format="%.3f", key=key("weight_decay"),
            help="Pulls weights towards zero at each step (AdamW), so that only what helps stays.",
        ),
        "label_smoothing": st.number_input(
            "Label smoothing", 0.0, 0.5, step=0.05, key=key("label_smoothing"),
            help="Never asks for full certainty: some of the labels in the set are wrong.",
        ),
        "width": st.number_input(
            "Width", 0.25, 4.0, step=0.25, key=key("width"),
            help="Multiplies the filters and units of the hidden layers.",
        ),
        "seed": st.number_input(
            "Seed", 0, 2**31 - 1, key=key("seed"),
            help="Decides everything random: the same seed gives the same network.",
        ),
        "precision": st.selectbox(
            "Precision", list(PRECISION_LABELS), key=key("precision"),
            format_func=PRECISION_LABELS.__getitem__,
            help="In what numbers the steps are computed; some processors are twice as fast with "
            "16 bits, others slower.",
        ),
        "event_files": st.toggle(
            "Write event files for TensorBoard", key=key("event_files"),
            help="Opened by `tensorboard --logdir models`.",
        ),
    }  # fmt: skip
