"""The settings of a new run, each with a default and a sentence."""

from __future__ import annotations

from typing import Any

import streamlit as st

from fmnist.networks import NETWORKS, NetworkInfo, find_network
from fmnist.runs import Recipe

AUGMENTATION_LABELS = {
    "none": "None",
    "flip": "Flip",
    "flip_shift": "Flip and shift",
}
SCHEDULE_LABELS = {
    "constant": "Constant",
    "cosine": "Warm up, then fall along a cosine",
}
_RATES = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 3e-3, 5e-3, 1e-2]
_SHARES = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0]


def render_network_choice() -> NetworkInfo:
    """Let the person choose which network to train."""
    name = st.segmented_control(
        "Network",
        list(NETWORKS),
        format_func=lambda key: NETWORKS[key].title,
        default="cnn",
        required=True,
        key="network",
        bind="query-params",
    )
    info = find_network(name)
    st.caption(info.summary)
    return info


def render_form(info: NetworkInfo) -> Recipe | None:
    """Draw the form and return the recipe when it is sent, else None.

    Raises:
        RecipeError: a setting is outside its range.
    """
    with st.form(f"recipe_{info.name}", border=True):
        values = _render_settings(info.recipe)
        with st.expander("Finer points", icon=":material/tune:"):
            values |= _render_finer_points(info.recipe)
        sent = st.form_submit_button(
            "Start training", type="primary", icon=":material/play_arrow:", width="stretch"
        )
    return Recipe(network=info.name, **values) if sent else None


def _render_settings(default: Recipe) -> dict[str, Any]:
    left, right = st.columns(2)
    return {
        "epochs": left.number_input(
            "Epochs", 1, 200, default.epochs,
            help="Passes over the training images. More learn more, until validation stops rising.",
        ),
        "train_share": right.select_slider(
            "Data share", _SHARES, default.train_share,
            format_func=lambda share: f"{share:.0%}",
            help="Part of the training images: a small one for a quick look, all for the best.",
        ),
        "batch_size": left.selectbox(
            "Batch size", [32, 64, 128, 256, 512],
            index=[32, 64, 128, 256, 512].index(default.batch_size),
            help="Images a step. Small ones step often and noisily, large ones use the machine "
            "better.",
        ),
        "learning_rate": right.select_slider(
            "Learning rate", _RATES, default.learning_rate, format_func=lambda rate: f"{rate:g}",
            help="How far a step goes. Too high and the loss jumps about, too low and it creeps.",
        ),
        "dropout": left.slider(
            "Dropout", 0.0, 0.8, default.dropout, 0.05,
            help="Share of units silenced at random while training, so that none is relied on.",
        ),
        "augmentation": right.selectbox(
            "Augmentation", list(AUGMENTATION_LABELS),
            index=list(AUGMENTATION_LABELS).index(default.augmentation),
            format_func=AUGMENTATION_LABELS.__getitem__,
            help="Changes that leave a garment what it is, so that the network never sees the "
            "same picture twice: left and right exchanged, moved by up to two pixels.",
        ),
        "early_stopping": left.number_input(
            "Early stopping", 0, 100, default.early_stopping,
            help="Ends after so many epochs without a better validation accuracy; 0 never ends "
            "early. The best epoch is kept in any case.",
        ),
        "seed": right.number_input(
            "Seed", 0, 2**31 - 1, default.seed,
            help="Decides everything random: the same seed gives the same network.",
        ),
    }  # fmt: skip


def _render_finer_points(default: Recipe) -> dict[str, Any]:
    return {
        "schedule": st.selectbox(
            "Learning rate over time", list(SCHEDULE_LABELS),
            index=list(SCHEDULE_LABELS).index(default.schedule),
            format_func=SCHEDULE_LABELS.__getitem__,
            help="Falling to nearly nothing lets the weights settle where they are best.",
        ),
        "averaging": st.toggle(
            "Average the weights", default.averaging,
            help="Validates, keeps and tests the running average of the last steps, which errs "
            "less than any one of them.",
        ),
        "weight_decay": st.number_input(
            "Weight decay", 0.0, 1.0, default.weight_decay, 0.005, format="%.3f",
            help="Pulls weights towards zero at each step (AdamW), so that only what helps stays.",
        ),
        "label_smoothing": st.number_input(
            "Label smoothing", 0.0, 0.5, default.label_smoothing, 0.05,
            help="Never asks for full certainty: some of the labels in the set are wrong.",
        ),
    }  # fmt: skip
