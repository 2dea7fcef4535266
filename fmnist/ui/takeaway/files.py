"""The section Files: the network of a run as files for other programs."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fmnist.access.roles import Action
from fmnist.runs import Run
from fmnist.runs.owners import find_person
from fmnist.ui.shell.access import find_reason
from fmnist.ui.shell.changes import offer_model_file
from fmnist.ui.widgets.downloads import render_download, render_download_button

_PURPOSES = {
    ".keras": "Keras: to train it further, or to use it with any backend of Keras.",
    ".onnx": "ONNX: for ONNX Runtime, from Python, C++, Java, C# or JavaScript.",
}


def render_files(run: Run) -> None:
    """Draw the files of a run's network, each with its size and a button that downloads it."""
    reason = find_reason(Action.DOWNLOAD_RUN, find_person(run.owner))
    for path in filter(None, (run.model_path, run.onnx_path)):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(_PURPOSES[path.suffix], width="stretch")
            render_download_button(
                f"Download ({path.stat().st_size / 1e6:.1f} MB)",
                partial(offer_model_file, run, path),
                subject=run.run_id,
                key=f"takeaway_{path.name}",
                reason=reason,
            )
    render_download(run.run_id)
