"""Why the network answers so: where it looks, what it is reminded of, what other networks say."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import cv2
import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.data import Dataset
from fmnist.explain.insight import compute_occlusion, find_nearest, load_features
from fmnist.images import Prepared
from fmnist.inference import predict_pictures
from fmnist.runs import Run
from fmnist.ui.shell.resources import get_pool

_SHOWN: Final = 280
_EVIDENCE: Final = np.array([255, 120, 0], np.float32)
_AGAINST: Final = np.array([0, 110, 255], np.float32)
_LEAST_FALL: Final = 0.05  # of a probability; less is no evidence, and is not made to look like it


def render_occlusion(run: Run, prepared: Prepared, label: int) -> None:
    """Show, on the image and on the picture, where covering a patch changes the answer."""
    fall = compute_occlusion(get_pool(), run, prepared.image, label)
    st.caption(
        f"Orange: covered, the network thinks less of {CLASS_NAMES[label]} "
        f"(by up to {max(0.0, float(fall.max())):.0%}). Blue: it thinks more of it."
    )
    image = np.repeat(prepared.image[..., None], 3, axis=2)
    with st.container(horizontal=True):
        st.image(_enlarge(paint_evidence(image, fall)), caption="On the 28×28", width=_SHOWN)
        picture = prepared.steps[0].picture
        if picture.shape[:2] != image.shape[:2]:
            spread = spread_over(fall, picture.shape[:2], prepared.frame)
            st.image(
                _enlarge(paint_evidence(picture, spread)), caption="On the picture", width=_SHOWN
            )


def paint_evidence(picture: NDArray[np.uint8], fall: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Tint a picture, RGB ``(h, w, 3)``, by the fall of a probability, ``(h, w)``, -1 to 1."""
    strength = np.abs(fall) / max(float(np.abs(fall).max()), _LEAST_FALL)
    tint = np.where(fall[..., None] > 0, _EVIDENCE, _AGAINST)
    weight = 0.75 * strength[..., None]
    return np.asarray(np.round(picture * (1 - weight) + tint * weight), dtype=np.uint8)


def spread_over(
    fall: NDArray[np.float32], shape: tuple[int, int], frame: tuple[float, float, float]
) -> NDArray[np.float32]:
    """Lay what belongs to the 28×28 over the part of the picture that it shows, 0 elsewhere."""
    top, left, side = frame
    scale = side / fall.shape[0]
    matrix = np.array([[scale, 0, left + scale / 2 - 0.5], [0, scale, top + scale / 2 - 0.5]])
    return np.asarray(cv2.warpAffine(fall, matrix, shape[::-1]), dtype=np.float32)


def render_agreement(runs: list[Run], prepared: Prepared) -> None:
    """Ask all networks about one picture."""
    rows: list[dict[str, Any]] = []
    for run in runs:
        proba = predict_pictures(get_pool(), run, [prepared])[0].y_proba
        label = int(proba.argmax())
        rows.append(
            {"network": run.run_id, "label": CLASS_NAMES[label], "probability": float(proba[label])}
        )
    table = pd.DataFrame(rows)
    agreed = int(table["label"].value_counts().iloc[0])
    st.markdown(f"**{agreed} of {len(rows)}** networks agree.")
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "probability": st.column_config.ProgressColumn(
                "probability", format="percent", min_value=0, max_value=1
            )
        },
        width=460,
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _load_features(
    _run: Run,
    _dataset: Dataset,
    state: tuple[str, float, str],  # noqa: ARG001 - the cache's key
) -> NDArray[np.float32]:
    bar = st.empty()
    tell = partial(bar.progress, text="Reading the training set with this network, once")
    tell(0.0)
    try:
        return load_features(get_pool(), _run, _dataset, tell)
    finally:
        bar.empty()


def render_nearest(run: Run, prepared: Prepared, dataset: Dataset) -> None:
    """Show the five training items that the network finds most like the image."""
    modified = run.model_path.stat().st_mtime if run.model_path else 0.0
    state = run.run_id, modified, dataset.fingerprints["train"]
    features = _load_features(run, dataset, state)
    asked = get_pool().extract(run, prepared.image[None])[0]
    st.caption("By the angle between what enters the last layer for either image.")
    with st.container(horizontal=True):
        for row in find_nearest(features, asked):
            with st.container(width=120):
                tile = np.kron(np.asarray(dataset.x_train[row]), np.ones((4, 4), np.uint8))
                name = CLASS_NAMES[int(dataset.y_train[row])]
                st.image(tile, width=100, caption=f"{name}, no. {row}")


def _enlarge(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    times = max(1, _SHOWN // max(picture.shape[:2]))
    return np.repeat(np.repeat(picture, times, axis=0), times, axis=1)
