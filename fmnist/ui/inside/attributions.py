"""Attribution maps: what each pixel of the image contributes to a class."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import streamlit as st

from fmnist.classes import CLASS_NAMES, N_CLASSES
from fmnist.data import Dataset
from fmnist.explain import ATTRIBUTES, EXPLAINERS, Explainer, Subject
from fmnist.explain.faithfulness import (
    N_IMAGES,
    describe_faithfulness,
    load_faithfulness,
    load_kept_faithfulness,
)
from fmnist.explain.nearest import EXPLAINER as NEAREST
from fmnist.runs import Run
from fmnist.ui.inside.item import Item
from fmnist.ui.shell.glossary import glossary
from fmnist.ui.shell.resources import get_pool
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.explanations import render_parts
from fmnist.ui.widgets.waiting import compute_in_background, compute_on_request

METHODS: Final = {each.title: each for each in EXPLAINERS if each.id in ATTRIBUTES}


def render_attributions(run: Run, item: Item, predicted: int, dataset: Dataset) -> None:
    """Draw an attribution map by the chosen method, for any class or the difference of two.

    Args:
        run: the run whose Keras network is used.
        item: the image.
        predicted: the predicted class, 0 to 9, which is explained by default.
        dataset: its test images measure how faithful the method is.
    """
    method = METHODS[render_choice("Method", list(METHODS), key="method")]
    with st.container(horizontal=True):
        label = st.selectbox(
            "Why", range(N_CLASSES), predicted, format_func=CLASS_NAMES.__getitem__,
            key=f"inside_class_{predicted}", width=200,
        )  # fmt: skip
        others: list[int | None] = [None, *(each for each in range(N_CLASSES) if each != label)]
        against = st.selectbox(
            "Rather than",
            others,
            format_func=_name,
            key="inside_against",
            width=200,
            placeholder=_name(None),
        )
    subject = Subject(get_pool(), run, item.image, label, against)
    _render(method, subject, "Computing the map")
    _render_faithfulness(run, dataset, method)


def render_nearest(run: Run, item: Item, predicted: int, dataset: Dataset) -> None:
    """Draw the nearest training images by the network's features, and their vote."""
    subject = Subject(get_pool(), run, item.image, predicted, dataset=dataset)
    text = "Computing the training set's features, once per network. Another view cancels it."
    _render(NEAREST, subject, text)


def _render(explainer: Explainer, subject: Subject, text: str) -> None:
    identity = (
        explainer.id, subject.run.path, subject.image.tobytes(), subject.label, subject.against
    )  # fmt: skip
    parts = compute_in_background(
        "explanation",
        identity,
        lambda report: explainer.compute(replace(subject, progress=report)),
        text,
    )
    if parts is not None:
        render_parts(parts, subject)


def _render_faithfulness(run: Run, dataset: Dataset, method: Explainer) -> None:
    """Draw how faithful a method is to the run, or the button that measures all methods."""
    found = load_kept_faithfulness(run, dataset)
    if found is None:
        found = compute_on_request(
            "faithfulness",
            (run.path, dataset.fingerprints["test"]),
            lambda report: load_faithfulness(get_pool(), run, dataset, ATTRIBUTES, report),
            label="Measure whether the maps are faithful",
            text="Measuring the faithfulness of the methods, once per network",
            cost=f"Classifies {N_IMAGES} test images whose pixels vanish in the order "
            "of each map: one or a few minutes, for all methods at once.",
        )
    if found is not None:
        st.markdown(
            describe_faithfulness(method.id, method.title, found), help=glossary("faithfulness")
        )


def _name(label: int | None) -> str:
    return "No other class" if label is None else CLASS_NAMES[label]
