"""Explanations of one prediction: the person chooses an explainer, and only that one runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.cache import draw_once
from fmnist.charts.coverage import plot_coverage
from fmnist.charts.tiles import build_tiles
from fmnist.explain import (
    Coverage,
    Explainer,
    Heatmap,
    Part,
    Ranking,
    Subject,
    Text,
    Tiles,
    find_explainers,
)
from fmnist.images.encode import encode_png_uri
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.resources import wait_for_network
from fmnist.ui.widgets.background import Background, follow
from fmnist.ui.widgets.chart import render_chart

_NOTICED_SECONDS: Final = 0.2
"""A faster explanation is drawn directly, without a progress bar."""

_POLL_SECONDS: Final = 0.5
_SHOWN: Final = 280
_EVIDENCE: Final = np.array([255, 120, 0], np.float32)
_AGAINST: Final = np.array([0, 110, 255], np.float32)


@dataclass
class ExplanationState:
    """The explanation being computed for this session, if any."""

    running: Background[Sequence[Part]] | None = None

    def stop(self) -> None:
        """Cancel the computation, if there is one."""
        if self.running is not None:
            self.running.cancel()
            self.running = None


def render_explanations(subject: Subject, *, key: str) -> None:
    """Draw the choice of explainers that fit the subject, and the explanation chosen.

    Args:
        subject: the prediction.
        key: unique on the page; prefix of the choice's key.
    """
    explainers = {explainer.id: explainer for explainer in find_explainers(subject)}
    with st.container(border=True):
        chosen = st.segmented_control(
            "Explain",
            list(explainers),
            format_func=lambda explainer_id: explainers[explainer_id].title,
            default=next(iter(explainers)),
            required=True,
            key=key,
        )
        wait_for_network(subject.run)
        if "networks" in explainers[chosen].needs:
            for run in subject.networks:
                wait_for_network(run)
        state = get_state(ExplanationState, key)
        if explainers[chosen].takes_long:
            _render_in_background(explainers[chosen], subject, state)
            return
        state.stop()
        render_parts(explainers[chosen].compute(subject), subject)


def _render_in_background(explainer: Explainer, subject: Subject, state: ExplanationState) -> None:
    """Draw an explanation, or its progress while the page stays usable."""
    image = hashlib.blake2b(subject.image.tobytes(), digest_size=16).digest()
    identity = explainer.id, subject.run.path, image, subject.label
    running = state.running
    # Another picture waits for the same features, which a new computation would start over.
    if running is None or running.identity[:2] != identity[:2] or running.wait(0):
        running = state.running = follow(
            running, identity, lambda report: explainer.compute(replace(subject, progress=report))
        )
    if running.wait(_NOTICED_SECONDS):
        render_parts(running.get_result(), subject)
        return

    @st.fragment(run_every=choose_interval(_POLL_SECONDS))
    def show_progress() -> None:
        if running.wait(0):
            st.rerun()
        text = "Computing the training set's features, once per network. Another view cancels it."
        st.progress(min(running.share, 1.0), text=text)

    show_progress()


def render_parts(parts: Sequence[Part], subject: Subject) -> None:
    """Draw the parts of an explanation, in order."""
    for part in parts:
        _RENDERERS[type(part)](part, subject)


def _render_text(part: Text, _subject: Subject) -> None:
    (st.markdown if part.is_result else st.caption)(part.text)


def _render_tiles(part: Tiles, subject: Subject) -> None:
    is_photo = subject.prepared is not None and subject.prepared.kind == "photo"
    st.html(build_tiles(part.tiles, part.width, is_photo=is_photo))


def _render_heatmap(part: Heatmap, subject: Subject) -> None:
    image = np.repeat(subject.image[..., None], 3, axis=2)
    with st.container(horizontal=True):
        painted = paint_heatmap(image, part.values, part.min_scale)
        _render_painted(painted, "On the 28×28 image")
        if subject.prepared is None:
            return
        picture = subject.prepared.steps[0].picture
        if picture.shape[:2] != image.shape[:2]:
            spread = project_heatmap(part.values, picture.shape[:2], subject.prepared.frame)
            painted = paint_heatmap(picture, spread, part.min_scale)
            _render_painted(painted, "On the picture")


def _render_painted(painted: NDArray[np.uint8], where: str) -> None:
    enlarged = _encode_enlarged(painted, _SHOWN)
    st.image(enlarged, caption=where, width=_SHOWN, alt=f"Heat map. {where}")


def _render_ranking(part: Ranking, _subject: Subject) -> None:
    st.dataframe(
        pd.DataFrame(part.rows, columns=[part.name.capitalize(), "Class", "Probability"]),
        hide_index=True,
        column_config={
            "Probability": st.column_config.ProgressColumn(
                format="percent", min_value=0, max_value=1
            )
        },
        width=460,
    )


def _render_coverage(part: Coverage, _subject: Subject) -> None:
    share, accuracy = part.points[0]
    render_chart(
        draw_once(plot_coverage, part.points),
        f"Of the most confident {share:.0%}, {accuracy:.1%} are correct; of all, "
        f"{part.points[-1][1]:.1%}",
        key="coverage",
    )


_RENDERERS: Final[Mapping[type, Callable[[Any, Subject], None]]] = {
    Text: _render_text,
    Tiles: _render_tiles,
    Heatmap: _render_heatmap,
    Ranking: _render_ranking,
    Coverage: _render_coverage,
}


def paint_heatmap(
    picture: NDArray[np.uint8], values: NDArray[np.float32], min_scale: float
) -> NDArray[np.uint8]:
    """Return a picture tinted by values: orange for positive, blue for negative; RGB ``(h, w, 3)``.

    Args:
        picture: uint8.
        values: ``(h, w)``, of any range.
        min_scale: the absolute value that gets the full colour even if no value reaches it.
    """
    strength = np.abs(values) / max(float(np.abs(values).max()), min_scale)
    tint = np.where(values[..., None] > 0, _EVIDENCE, _AGAINST)
    weight = 0.75 * strength[..., None]
    return np.asarray(np.round(picture * (1 - weight) + tint * weight), dtype=np.uint8)


def project_heatmap(
    values: NDArray[np.float32], shape: tuple[int, int], frame: tuple[float, float, float]
) -> NDArray[np.float32]:
    """Project values of the 28×28 image onto the part of the picture that it shows; 0 elsewhere.

    Args:
        values: float32 ``(28, 28)``.
        shape: height and width of the picture.
        frame: ``Prepared.frame``.
    """
    top, left, side = frame
    scale = side / values.shape[0]
    matrix = np.array([[scale, 0, left + scale / 2 - 0.5], [0, scale, top + scale / 2 - 0.5]])
    return np.asarray(cv2.warpAffine(values, matrix, shape[::-1]), dtype=np.float32)


def _encode_enlarged(picture: NDArray[np.uint8], side: int) -> str:
    """Enlarge a picture by repeating pixels, so that the browser shows sharp squares.

    The picture is embedded in the page: a separate file would be gone from the server after the
    next stroke, while a slow browser may still request it.
    """
    times = max(1, side // max(picture.shape[:2]))
    return encode_png_uri(np.repeat(np.repeat(picture, times, axis=0), times, axis=1))
