"""The X-ray: how a picture became an image, and what the network says after each step."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist.charts.probabilities import format_probability
from fmnist.classes import CLASS_NAMES
from fmnist.images import Prepared
from fmnist.images.perturbations import make_perturbations
from fmnist.runs import Run
from fmnist.ui.shell.resources import get_pool


def render_steps(run: Run, prepared: Prepared) -> None:
    """Show each step's picture, its sentence, and the answer had the path ended there."""
    images = np.stack([step.image for step in prepared.steps])
    y_proba = get_pool().predict(run, images)
    with st.container(horizontal=True):
        for number, (step, proba) in enumerate(zip(prepared.steps, y_proba, strict=True), start=1):
            with st.container(width=170):
                st.image(step.picture, width=140, caption=f"{number}. {step.title}")
                if step.image.any():
                    label = int(proba.argmax())
                    share = format_probability(float(proba[label]))
                    st.markdown(f"**{CLASS_NAMES[label]}** {share}")
                st.caption(step.sentence)
    if len(prepared.variants) > 1:
        how = "with another margin" + (" or unfilled" if len(prepared.variants) > 2 else "")
        st.caption(
            f"The answer is the mean over {len(prepared.variants)} variants of the last image, "
            f"{how}, and their mirror images:"
        )
        sheet = np.concatenate([np.pad(each, 1) for each in prepared.variants], axis=1)
        st.image(np.kron(sheet, np.ones((3, 3), np.uint8)))


def render_stability(run: Run, prepared: Prepared, label: int) -> None:
    """Show how the answer holds when the image is changed a little."""
    changes = make_perturbations(prepared.image)
    y_proba = get_pool().predict(run, np.stack(list(changes.values())))
    same = int((y_proba.argmax(axis=1) == label).sum())
    st.markdown(f"**{same} of {len(changes)}** small changes leave the answer what it is.")
    with st.container(horizontal=True):
        for (name, image), proba in zip(changes.items(), y_proba, strict=True):
            found = int(proba.argmax())
            with st.container(width=110):
                st.image(np.kron(image, np.ones((3, 3), np.uint8)), width=84)
                mark = ":material/check:" if found == label else ":material/close:"
                st.caption(f"{mark} {name}: {CLASS_NAMES[found]}")
