"""Pictures added to the Predict page: uploaded, pasted, taken with the camera, or samples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist import settings
from fmnist.images import KindChoice, Overrides
from fmnist.images.decode import FORMATS
from fmnist.runs import Run
from fmnist.ui.predict.examples import render_examples
from fmnist.ui.predict.overrides import render_overrides
from fmnist.ui.predict.paste import render_paste
from fmnist.ui.predict.pointing import read_pointing, render_pointing
from fmnist.ui.predict.prediction_table import render_table
from fmnist.ui.shell.page_state import Field, get_state
from fmnist.ui.shell.uploads import load_session_limit
from fmnist.ui.widgets.arrivals import read_arrivals
from fmnist.ui.widgets.predictions import (
    PicturePrediction,
    classify_files,
    classify_picture,
    prepare,
)

_KINDS: Final[dict[KindChoice, str]] = {
    "auto": "Automatic",
    "photo": "Photo",
    "drawing": "Drawing",
}


def render_pictures(run: Run, way: str, table: DeltaGenerator) -> PicturePrediction | None:
    """Draw the input and its overrides; return the prediction to show, or None if there is none.

    Args:
        run: the run whose network classifies.
        way: ``"Upload"``, ``"Camera"`` or ``"Examples"``.
        table: the container for the predictions of several files.
    """
    kind: KindChoice = st.segmented_control(
        "Kind of picture",
        list(_KINDS),
        format_func=lambda each: _KINDS[each],
        default="auto",
        required=True,
        key="predict_kind",
    )
    automatic = Overrides()
    if way == "Examples":
        example = render_examples()
        prediction = classify_picture(
            run, example.title, example.picture, kind, automatic, is_ours=True
        )
    else:
        read_arrivals(kind)
        files = _render_files(way)
        st.caption("Pictures stay in this program's memory; none is saved or sent elsewhere.")
        if not files:
            return None
        predictions = classify_files(run, files, kind, automatic)
        with table:
            prediction = render_table(predictions, run.run_id)
    name, picture, prepared = prediction.name, prediction.picture, prediction.prepared
    if prepared is None or picture is None:
        return prediction
    pointing, key = st.container(), f"pointing_{name}"
    adjusted = get_state(Field, f"override_{name}")
    adjust = st.expander(
        "Adjust the segmentation", icon=":material/tune:", key="predict_adjust", on_change="rerun"
    )
    if adjust.open:  # closed, its controls would be a sixth of the page's messages
        with adjust:
            adjusted.value = render_overrides(adjusted.value or automatic, f"override_{name}")
    overrides = adjusted.value or automatic
    if prepared.kind == "photo" and not prepared.is_native and overrides.find:
        chosen = read_pointing(key)
        overrides = replace(
            overrides, point=chosen.point, box=chosen.box, candidate=chosen.candidate
        )
        # Who corrects the garment sees all cut-outs: finding them takes as long as all the rest.
        likeliest = replace(overrides, candidate=None, every=chosen != Overrides())
        if likeliest != automatic:
            prepared = prepare(name, picture, kind, likeliest).prepared
        with pointing:
            render_pointing(picture, prepared, chosen, key)
    if overrides == automatic:
        return prediction
    return classify_picture(run, name, picture, kind, overrides)


def _render_files(way: str) -> list[Any]:
    """Draw the camera or the uploader; return the files."""
    if way == "Camera":
        photo = st.camera_input("One garment on a plain background", key="predict_camera")
        return [photo] if photo else []
    files = st.file_uploader(
        "One or more pictures, one garment each",
        accept_multiple_files=True,
        key="predict_files",
        help=f"{FORMATS}, up to {settings.MAX_UPLOAD_MB} MB each and"
        f" {load_session_limit()} MB together.",
    )
    pasted = render_paste("predict_paste")
    return [*files, *([pasted] if pasted else [])]
