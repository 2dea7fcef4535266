"""Predictions for pictures from outside the data set."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any, Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist import settings
from fmnist.errors import FmnistError
from fmnist.images import (
    KindChoice,
    LoadedPicture,
    Overrides,
    Prepared,
    get_picture_pool,
)
from fmnist.images.pipeline import prepare_picture
from fmnist.images.records import Pixels
from fmnist.inference import (
    Prediction,
    Verdict,
    decide_verdict,
    describe_reliability,
    predict_pictures,
)
from fmnist.runs import Run
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.resources import get_pool, wait_for_network
from fmnist.ui.shell.uploads import load_upload, shrink_upload
from fmnist.ui.widgets.picture_cache import PictureOwner, read_picture

_NOTICED_SECONDS: Final = 0.3
"""Time before progress is first shown, and between its updates: a busier browser would take the
cores from reading."""

_BATCH: Final = 25
"""Pictures that the network classifies at a time."""


@dataclass(frozen=True)
class PicturePrediction:
    """The prediction for one picture, with its intermediate results.

    Attributes:
        name: the file's name, or a description of the picture.
        read: the picture and the 28×28 image; None if the file could not be read.
        y_proba: float32 ``(10,)``, calibrated probabilities; None if the file could not be read.
        verdict: the prediction in words; None if the file could not be read.
        reliability: how often such predictions were correct, in a sentence; empty if unknown.
        error: why there is no prediction; None if there is one.
    """

    name: str
    read: LoadedPicture | None = None
    y_proba: NDArray[np.float32] | None = None
    verdict: Verdict | None = None
    reliability: str = ""
    error: str | None = None

    @property
    def picture(self) -> Pixels | None:
        """uint8 RGBA ``(h, w, 4)``, upright; None if the file could not be read."""
        return None if self.read is None else self.read.picture

    @property
    def prepared(self) -> Prepared | None:
        """The 28×28 image and the steps that led to it; None if the file could not be read."""
        return None if self.read is None else self.read.prepared


def _read_file(
    owner: PictureOwner, file: Any, kind: KindChoice, overrides: Overrides
) -> LoadedPicture | str:
    """Return an uploaded file's picture, or why it can't be read."""
    try:
        data = load_upload(file)
        read = partial(get_picture_pool().read, data, file.name, kind, overrides)
        return read_picture(owner, data, read, kind, overrides, name=file.name)
    except FmnistError as error:
        return str(error)


def classify_files(
    run: Run,
    files: Sequence[Any],
    kind: KindChoice = "auto",
    overrides: Overrides = Overrides(),  # noqa: B008
) -> list[PicturePrediction]:
    """Classify uploaded files; one that can't be read gets an error instead of a class.

    Args:
        run: the run whose network is used.
        files: from ``st.file_uploader`` or ``st.camera_input``.
        kind: ``"auto"``, ``"photo"`` or ``"drawing"``.
        overrides: applied to all files.

    Returns:
        One prediction per file, in order, with distinct names: duplicates get a number.
    """
    wait_for_network(run)
    bar, drawn, names = None, time.monotonic(), Counter[str]()
    prepared: list[PicturePrediction] = []
    batch: list[Prepared] = []
    answers: list[Future[list[Prediction]]] = []
    owner = get_state(PictureOwner)
    # Reading takes all cores but the network only one, so that it answers meanwhile.
    with ThreadPoolExecutor(settings.picture_workers()) as threads, ThreadPoolExecutor(1) as asking:
        jobs = [threads.submit(_read_file, owner, file, kind, overrides) for file in files]
        for number, (file, job) in enumerate(zip(files, jobs, strict=True), start=1):
            read = job.result()
            names[file.name] += 1
            name = file.name if names[file.name] == 1 else f"{file.name} ({names[file.name]})"
            if isinstance(read, str):
                prepared.append(PicturePrediction(name, error=read))
            else:
                prepared.append(PicturePrediction(name, read))
                batch.append(read.prepared)
                if read.reduced is not None:
                    shrink_upload(file, read.reduced)
            if number % _BATCH == 0 or number == len(files):
                answers.append(asking.submit(predict_pictures, get_pool(), run, batch))
                batch = []
            if time.monotonic() - drawn > _NOTICED_SECONDS:  # not if all were cached
                drawn = time.monotonic()
                bar = st.empty() if bar is None else bar
                bar.progress(number / len(files), text=f"Picture {number} of {len(files)}")
    if bar is not None:
        bar.empty()
    return _add_answers(run, prepared, chain.from_iterable(each.result() for each in answers))


def classify_picture(
    run: Run,
    name: str,
    picture: Pixels,
    kind: KindChoice,
    overrides: Overrides = Overrides(),  # noqa: B008
    *,
    is_ours: bool = False,
) -> PicturePrediction:
    """Classify one picture, RGBA ``(h, w, 4)``.

    Args:
        run: the run whose network is used.
        name: the picture's name on the page.
        picture: RGBA ``(h, w, 4)``.
        kind: ``"auto"``, ``"photo"`` or ``"drawing"``.
        overrides: decisions made by a person.
        is_ours: whether the picture is a drawing or a sample, small enough to prepare here: a
            stroke must not wait for another person's picture.
    """
    read = prepare(name, picture, kind, overrides, is_ours=is_ours)
    wait_for_network(run)
    answers = predict_pictures(get_pool(), run, [read.prepared])
    return _add_answers(run, [PicturePrediction(name, read)], answers)[0]


def prepare(
    name: str,
    picture: Pixels,
    kind: KindChoice,
    overrides: Overrides,
    *,
    is_ours: bool = False,
) -> LoadedPicture:
    """Return one picture with its 28×28 image; arguments as for ``classify_picture``."""

    def read() -> LoadedPicture:
        if is_ours:
            return LoadedPicture(picture, prepare_picture(picture, kind, overrides))
        return get_picture_pool().read(picture, name, kind, overrides)

    owner = get_state(PictureOwner)
    return read_picture(owner, picture, read, kind, overrides, name=name)


def _add_answers(
    run: Run, pictures: list[PicturePrediction], answers: Iterable[Prediction]
) -> list[PicturePrediction]:
    """Add probabilities and verdict to prepared pictures, given the network's answer to each."""
    left, done = iter(answers), []
    for each in pictures:
        if each.prepared is None:
            done.append(each)
            continue
        prediction = next(left)
        verdict = decide_verdict(prediction, each.prepared)
        reliability = describe_reliability(run, verdict, each.prepared.kind)
        done.append(
            replace(each, y_proba=prediction.y_proba, verdict=verdict, reliability=reliability)
        )
    return done
