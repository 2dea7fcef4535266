"""Pictures that a person gives, and what a network says about them."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.probabilities import build_bars
from fmnist.errors import FmnistError
from fmnist.images import Overrides, Prepared, decode_picture
from fmnist.inference import Opinion, Verdict, decide_verdict, predict_pictures
from fmnist.runs import Run
from fmnist.ui.shell.resources import get_pool
from fmnist.ui.widgets.picture_cache import Kinds, Picture, read_picture

_THREADS: Final = max(1, os.cpu_count() or 1)
_FEW: Final = 3  # pictures that are ready before a progress bar or spinner would be seen

_HEAD_START: Final = 0.04
"""Seconds in which the browser has the processor for the bars: the pictures after them take both
of a small laptop's cores (measured with Chromium on two)."""


@dataclass(frozen=True)
class Answer:
    """One picture with what became of it.

    Attributes:
        name: the file's name, or what it is.
        picture: uint8 RGBA ``(h, w, 4)``, upright; None where the file could not be read.
        prepared: the 28×28 image and how it came about; None likewise.
        y_proba: float32 ``(10,)``; None likewise.
        verdict: the answer in words; None likewise.
        error: why there is no answer.
    """

    name: str
    picture: NDArray[np.uint8] | None = None
    prepared: Prepared | None = None
    y_proba: NDArray[np.float32] | None = None
    verdict: Verdict | None = None
    error: str | None = None


def _read_file(file: Any, kind: Kinds) -> Answer:
    try:
        data: bytes = file.getvalue()
        decode = partial(decode_picture, data, file.name)
        picture, prepared = read_picture(data, decode, kind)
    except FmnistError as error:
        return Answer(file.name, error=str(error))
    return Answer(file.name, picture, prepared)


def answer_files(
    run: Run,
    files: Sequence[Any],
    kind: Kinds = "auto",
) -> list[Answer]:
    """Classify uploaded files; one that can't be read gets its error and spoils nothing else.

    Args:
        run: whose network answers.
        files: what ``st.file_uploader`` or ``st.camera_input`` returned.
        kind: ``"auto"``, ``"photo"`` or ``"drawing"``.
    """
    bar = st.progress(0.0, text="Reading the pictures") if len(files) > _FEW else None
    prepared: list[Answer] = []
    with ThreadPoolExecutor(_THREADS) as threads:
        jobs = [threads.submit(_read_file, file, kind) for file in files]
        for number, job in enumerate(jobs, start=1):
            prepared.append(job.result())
            if bar:
                bar.progress(number / len(files), text=f"Picture {number} of {len(files)}")
    if bar:
        bar.empty()
    return _predict(run, prepared)


def answer_picture(
    run: Run,
    name: str,
    picture: Picture,
    kind: Kinds,
    overrides: Overrides = Overrides(),  # noqa: B008
) -> Answer:
    """Classify one picture, RGBA ``(h, w, 4)``."""
    _, prepared = read_picture(picture, lambda: picture, kind, overrides)
    return _predict(run, [Answer(name, picture, prepared)])[0]


def _ask(run: Run, pictures: list[Prepared]) -> list[Opinion]:
    pool = get_pool()
    if pool.is_warm and len(pictures) <= _FEW:
        # A spinner's coming and going are two more things for the browser to draw before the bars.
        return predict_pictures(pool, run, pictures)
    with st.spinner("Asking the network (the first answer takes some seconds)", show_time=True):
        return predict_pictures(pool, run, pictures)


def _predict(run: Run, answers: list[Answer]) -> list[Answer]:
    pictures = [answer.prepared for answer in answers if answer.prepared]
    if not pictures:
        return answers
    opinions = iter(_ask(run, pictures))
    done = []
    for answer in answers:
        if answer.prepared is None:
            done.append(answer)
            continue
        opinion = next(opinions)
        verdict = decide_verdict(opinion, answer.prepared)
        done.append(Answer(answer.name, answer.picture, answer.prepared, opinion.y_proba, verdict))
    return done


@dataclass(frozen=True)
class Places:
    """Room for the parts of an answer, in the order in which a person reads them."""

    verdict: Any
    pictures: Any
    bars: Any


def make_room(key: str) -> Places:
    """Make room for an answer before it is known.

    After a stroke each tenth of a second counts. What is sent first the browser draws first, and
    alone: were the room made afterwards, the bars would wait for it.

    Args:
        key: names the bars, ``KEY_bars``; unique on the page.
    """
    return Places(st.container(), st.container(horizontal=True), st.container(key=f"{key}_bars"))


def render_answer(answer: Answer, places: Places, *, compact: bool = False) -> None:
    """Show one answer: the original, the 28×28 that the network sees, the verdict, ten bars."""
    if answer.prepared is None or answer.y_proba is None or answer.verdict is None:
        places.verdict.error(f"{answer.error}", icon=":material/broken_image:")
        return
    verdict = answer.verdict
    if verdict.label is not None:
        places.bars.html(build_bars(answer.y_proba, title="Probability of each class"))
        time.sleep(_HEAD_START)
    with places.verdict:
        _tell_verdict(verdict, answer.prepared.warning)
    with places.pictures:
        if not compact and answer.picture is not None:
            st.image(answer.picture, caption=f"Original: {answer.name}", width=150)
        seen = np.repeat(np.repeat(answer.prepared.image, 6, axis=0), 6, axis=1)
        st.image(seen, caption="What the network sees: 28×28", width=150)


def _tell_verdict(verdict: Verdict, warning: str | None) -> None:
    if verdict.label is None:
        st.warning(warning or verdict.sentence, icon=":material/visibility_off:")
        return
    icon = ":material/check_circle:" if verdict.is_sure else ":material/help:"
    show = st.success if verdict.is_sure else st.warning
    show(f"**{verdict.sentence}**", icon=icon)
    if warning:
        st.caption(f":material/warning: {warning}")
