"""The form of a new run's settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from fmnist.networks import NETWORKS, NetworkInfo, find_network
from fmnist.runs import Recipe, Run
from fmnist.runs.settings_spec import AUGMENTATION_LABELS, PRECISION_LABELS, SCHEDULE_LABELS
from fmnist.ui.train.lr_range import render_schedule
from fmnist.ui.train.sources import render_edits, render_start_from
from fmnist.ui.train.state import TrainForm, TrainState

_SHARES = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0]


def render_network_choice(state: TrainState) -> NetworkInfo:
    """Let the person choose which network to train; ``network=…`` in the URL leads and follows."""
    names = list(NETWORKS)
    shown = state.network.follow("network", names, keep=True)
    name = st.radio(  # its options wrap, where others' scroll out of a narrow column
        "Network",
        names,
        names.index(shown),
        format_func=lambda key: NETWORKS[key].title,
        horizontal=True,
        key=state.network.key("network"),
    )
    state.network.write("network", name)
    info = find_network(name)
    st.caption(info.summary)
    return info


def render_form(info: NetworkInfo, form: TrainForm, runs: Sequence[Run]) -> bool:
    """Draw the settings and write what the person changed into the form's recipe.

    The settings are plain widgets rather than a Streamlit form, so that what follows from them
    (the schedule, the command, the range test) follows at once. Each gets its value from the
    recipe by its own argument: see ``fmnist.ui.shell.page_state``.

    Args:
        info: the network to train.
        form: its settings.
        runs: those there are, one of which it may start from.

    Returns:
        Whether the recipe can be trained; if not, a message says why.
    """
    presets = st.container(horizontal=True, vertical_alignment="center")
    recipe = form.recipe
    values = _render_settings(recipe, form.key)
    schedule = st.container()
    with st.expander("Finer points", icon=":material/tune:"):
        values |= _render_finer_points(recipe, form.key)
        values["start_from"] = render_start_from(form.key("start_from"), recipe, runs)
        values["edits"], is_ready = render_edits(form.key("edits"), recipe)
    form.recipe = dataclasses.replace(recipe, **values)
    with schedule:
        render_schedule(form.recipe)
    with presets:
        _render_presets(info, form)
    return is_ready


def _render_presets(info: NetworkInfo, form: TrainForm) -> None:
    """Offer the network's presets, and the way back to its defaults."""
    for name, preset in info.presets.items():
        st.button(
            f"{name.capitalize()}: {preset.epochs} epochs",
            type="secondary",
            icon=":material/bolt:" if name == "quick" else ":material/trophy:",
            disabled=form.recipe == preset,
            on_click=form.fill,
            args=(preset,),
        )
    if form.is_brought:
        st.caption("Filled in with the recipe from the page before.", width="content")
    st.button(
        "Back to the defaults", type="tertiary", disabled=form.recipe == info.recipe,
        on_click=form.fill, args=(info.recipe,),
    )  # fmt: skip


def _render_settings(recipe: Recipe, key: Callable[[str], str]) -> dict[str, Any]:
    left, right = st.columns(2)
    return {
        "epochs": left.number_input(
            "Epochs", 1, 500, value=recipe.epochs,
            key=key("epochs"),
            help="Passes over the training images. More learn more, until validation stops rising.",
        ),
        "train_share": right.select_slider(
            "Data share", sorted({*_SHARES, recipe.train_share}),
            value=recipe.train_share,
            key=key("train_share"),
            format_func=lambda share: f"{share:.0%}",
            help="Part of the training images: a small one for a quick look, all for the best.",
        ),
        "batch_size": left.selectbox(
            "Batch size", sorted({32, 64, 128, 256, 512, recipe.batch_size}),
            sorted({32, 64, 128, 256, 512, recipe.batch_size}).index(recipe.batch_size),
            key=key("batch_size"),
            help="Images a step. Small ones step often and noisily, large ones use the machine "
            "better.",
        ),
        "augmentation": right.selectbox(
            "Augmentation", list(AUGMENTATION_LABELS),
            index=list(AUGMENTATION_LABELS).index(recipe.augmentation),
            key=key("augmentation"),
            format_func=AUGMENTATION_LABELS.__getitem__,
            help="Changes that leave a garment what it is, so that the network never sees the "
            "same picture twice: left and right exchanged, moved by up to two pixels, a "
            "rectangle filled with noise.",
        ),
        "dropout": left.slider(
            "Dropout", 0.0, 0.9, step=0.05, value=recipe.dropout,
            key=key("dropout"),
            help="Share of units silenced at random while training, so that none is relied on.",
        ),
        "early_stopping": right.number_input(
            "Early stopping", 0, 100, value=recipe.early_stopping,
            key=key("early_stopping"),
            help="Ends after so many epochs without a better validation accuracy; 0 never ends "
            "early. The best epoch is kept in any case.",
        ),
        "learning_rate": left.number_input(
            "Learning rate", 1e-6, 1.0, step=1e-4, format="%g", value=recipe.learning_rate,
            key=key("learning_rate"),
            help="How far a step goes. Too high and the loss jumps about, too low and it creeps.",
        ),
        "schedule": right.selectbox(
            "Schedule", list(SCHEDULE_LABELS),
            index=list(SCHEDULE_LABELS).index(recipe.schedule),
            key=key("schedule"),
            format_func=SCHEDULE_LABELS.__getitem__,
            help="How the learning rate runs over the training. Falling to nearly nothing lets the "
            "weights settle where they are best.",
        ),
    }  # fmt: skip


def _render_finer_points(recipe: Recipe, key: Callable[[str], str]) -> dict[str, Any]:
    return {
        "averaging": st.toggle(
            "Average the weights", value=recipe.averaging,
            key=key("averaging"),
            help="Validates, keeps and tests the running average of the last steps, which errs "
            "less than any one of them.",
        ),
        "normalisation": st.toggle(
            "Batch normalisation", value=recipe.normalisation,
            key=key("normalisation"),
            help="Keeps what each layer passes on in one range, where the network has such layers.",
        ),
        "weight_decay": st.number_input(
            "Weight decay", 0.0, 1.0, step=0.005, format="%.3f", value=recipe.weight_decay,
            key=key("weight_decay"),
            help="Pulls weights towards zero at each step (AdamW), so that only what helps stays.",
        ),
        "label_smoothing": st.number_input(
            "Label smoothing", 0.0, 0.5, step=0.05, value=recipe.label_smoothing,
            key=key("label_smoothing"),
            help="Never asks for full certainty: some of the labels in the set are wrong.",
        ),
        "width": st.number_input(
            "Width", 0.25, 4.0, step=0.25, value=recipe.width,
            key=key("width"),
            help="Multiplies the filters and units of the hidden layers.",
        ),
        "seed": st.number_input(
            "Seed", 0, 2**31 - 1, value=recipe.seed,
            key=key("seed"),
            help="Decides everything random: the same seed gives the same network.",
        ),
        "precision": st.selectbox(
            "Precision", list(PRECISION_LABELS),
            index=list(PRECISION_LABELS).index(recipe.precision),
            key=key("precision"),
            format_func=PRECISION_LABELS.__getitem__,
            help="In what numbers the steps are computed; some processors are twice as fast with "
            "16 bits, others slower.",
        ),
        "event_files": st.toggle(
            "Write event files for TensorBoard", value=recipe.event_files,
            key=key("event_files"),
            help="Opened by `tensorboard --logdir models`.",
        ),
    }  # fmt: skip
