"""The section Endpoint: how a run is served over HTTP, on this machine and on Amazon SageMaker."""

from __future__ import annotations

from typing import Final

import streamlit as st

from fmnist.deployment.plan import DEFAULT_INSTANCE, PRICES, PRICES_FROM
from fmnist.runs import Run
from fmnist.serving import limits

_URL: Final = f"http://localhost:{limits.DEFAULT_PORT}"

_ASK: Final = f"""\
curl --data-binary @photo.jpg -H 'Content-Type: image/jpeg' \\
    '{_URL}/invocations?kind=photo'"""

_ASK_IN_PYTHON: Final = f"""\
import requests  # images: uint8 (n, 28, 28)

body = {{"instances": images.tolist()}}
answer = requests.post("{_URL}/invocations", json=body)
labels = [each["label"] for each in answer.json()["predictions"]]"""


def render_endpoint(run: Run) -> None:
    """Draw the commands that serve and deploy a run."""
    with st.container(border=True):
        st.markdown("**On this machine** · for other programs, without TensorFlow or this app")
        st.code(f"python -m fmnist serve {run.run_id}", language="sh", wrap_lines=True)
        st.caption(
            f"Then send a photo, or many images. `{_URL}/docs` lists all forms of a request."
            " There is no sign-in, so it accepts only this machine unless you add `--host`."
        )
        st.code(_ASK, language="sh", wrap_lines=True)
        st.code(_ASK_IN_PYTHON, language="python", wrap_lines=True)
    with st.container(border=True):
        st.markdown("**At Amazon SageMaker** · an endpoint on the internet, until it is deleted")
        st.code(
            "pip install -r requirements-extras.txt\n"
            f"python -m fmnist deploy sagemaker {run.run_id} --role ARN --dry-run",
            language="sh",
            wrap_lines=True,
        )
        st.caption(
            "This creates nothing: it names each permission that is missing, with the policy that"
            " grants it. Without `--dry-run` the endpoint is created once you confirm; if a step"
            " fails, everything that was created is deleted."
        )
        st.code(
            f"python -m fmnist deploy status {run.run_id}\n"
            f"python -m fmnist deploy delete {run.run_id}",
            language="sh",
            wrap_lines=True,
        )
        st.caption(
            f"An endpoint costs about \\${PRICES[DEFAULT_INSTANCE]:g} per hour ({DEFAULT_INSTANCE},"
            f" us-east-1, {PRICES_FROM}), whether it is used or not. These commands are tested"
            " against an imitation of AWS, not against AWS itself."
        )
