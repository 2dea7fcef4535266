"""What widgets show is what Python computes with, whatever reruns a page in its first drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import streamlit as st

from fmnist.runs import list_runs
from fmnist.ui.shell import frame
from tests.support.browser import PAGES
from tests.support.pages import find, open_alone, open_page
from tests.support.runs import make_run
from tests.support.shown import find_disagreements
from tests.support.watches import write_watch

pytestmark = pytest.mark.usefixtures("spawned")


def interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rerun each page twice at its end, when all its widgets were sent to the browser."""
    frame_page = frame.open_page
    drawn: Counter[str] = Counter()

    @contextmanager
    def open_and_interrupt(title: str, *, intro: str) -> Iterator[None]:
        with frame_page(title, intro=intro):
            yield
        drawn[title] += 1
        if drawn[title] <= 2:
            st.rerun()

    monkeypatch.setattr(frame, "open_page", open_and_interrupt)


@pytest.mark.parametrize(
    ("page", "view"), [*((page, "") for page in PAGES), ("evaluate", "Learning")]
)
def test_widgets_show_their_values_after_an_interrupted_first_drawing(
    page: str, view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run("finished", "one")
    make_run("finished", "other")
    write_watch(run, epochs=4)
    interrupt(monkeypatch)
    # The browser may have drawn nothing of the interrupted runs: it goes by the last one alone.
    app = open_page(page, run="one", network="baseline", **{"view": view} if view else {})
    assert find_disagreements(app) == {}


def test_interrupted_form_trains_what_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt(monkeypatch)
    app = open_alone("train", network="cnn")
    assert find_disagreements(app) == {}
    epochs = find(app.number_input, "Epochs").proto.default
    rate = find(app.number_input, "Learning rate").proto.default
    assert f"--epochs {epochs:g}" in app.code[0].value
    find(app.button, "Start training").click().run()
    (run,) = list_runs()
    assert (run.recipe.epochs, run.recipe.learning_rate) == (epochs, rate)
