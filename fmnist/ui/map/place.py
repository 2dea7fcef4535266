"""An uploaded picture, placed on the map among its nearest images."""

from __future__ import annotations

from collections import Counter

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.embedding.store import MapRequest, place_image
from fmnist.ui.map.data import ShownMap
from fmnist.ui.shell.messages import show_error
from fmnist.ui.shell.resources import get_pool
from fmnist.ui.widgets.predictions import classify_files


def render_placement(shown: ShownMap, request: MapRequest) -> NDArray[np.float32] | None:
    """Draw the uploader and the images near the picture; return its position, or None."""
    file = st.file_uploader("Place a picture of one garment on the map", key="map_file")
    if file is None:
        return None
    prediction = classify_files(request.run, [file])[0]
    if prediction.prepared is None or prediction.y_proba is None:
        show_error(prediction.error)
        return None
    placement = place_image(get_pool(), request, shown.embedding, prediction.prepared.image)
    near = shown.items["true_class"].to_numpy()[placement.neighbours]
    counts = ", ".join(f"{count} {name}" for name, count in Counter(near).most_common())
    label = int(prediction.y_proba.argmax())
    st.caption(
        f"The star is your picture, predicted {CLASS_NAMES[label]} "
        f"({prediction.y_proba[label]:.0%}). It lies at the mean of its ten nearest images by "
        f"features, the nearer the heavier: {counts}."
    )
    return placement.position
