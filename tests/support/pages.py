"""Pages run without a browser, without TensorFlow and without a dispatcher."""

from __future__ import annotations

import re
from concurrent.futures import Future
from html import unescape
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from fmnist import settings
from fmnist.inference import InferencePool
from fmnist.launching import launcher
from fmnist.networks import CLASSICAL_MODELS
from fmnist.runs import Run
from fmnist.settings import PROJECT_DIR
from fmnist.study import launch
from fmnist.ui.shell import resources
from fmnist.ui.shell.page_state import build_key

TIMEOUT = 60
T = TypeVar("T")


def fake_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer at once: every picture is an ankle boot.

    A picture may take a minute to be read: a loaded machine is slow.
    """

    def prepare(_self: object, run: Run) -> Future[Path]:
        ready: Future[Path] = Future()
        ready.set_result(run.path / "model.onnx")
        return ready

    def predict(_self: object, _run: Run, images: np.ndarray) -> np.ndarray:
        y_proba = np.full((len(images), 10), 0.01, np.float32)
        y_proba[:, 9] = 0.91
        return y_proba

    def extract(_self: object, _run: Run, images: np.ndarray) -> np.ndarray:
        return np.asarray(images, np.float32).reshape(len(images), -1)

    monkeypatch.setattr(settings, "PICTURE_SECONDS", 60.0)
    monkeypatch.setattr(InferencePool, "extract", extract)
    monkeypatch.setattr(InferencePool, "warm", lambda _self: None)
    monkeypatch.setattr(InferencePool, "prepare", prepare)
    monkeypatch.setattr(InferencePool, "predict", predict)
    monkeypatch.setattr(InferencePool, "measure", lambda _self, _path: 1.5)
    resources._build_holder.cache_clear()
    st.cache_resource.clear()
    st.cache_data.clear()


def hold_controller(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Start no process; return the names of the studies that would have got a controller."""
    fake_pool(monkeypatch)
    hold_dispatcher(monkeypatch)
    names: list[str] = []
    monkeypatch.setattr(launch, "_spawn_controller", lambda study: names.append(study.name))
    return names


def hold_dispatcher(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Start no process; the list grows by one for each that would have been started."""
    spawned: list[int] = []
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: spawned.append(1))
    return spawned


def open_page(page: str, /, **query: str | list[str]) -> AppTest:
    """Go to a page through the router: links between pages need it."""
    app = AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=TIMEOUT).run()
    for name, value in query.items():
        app.query_params[name] = value
    app = app.switch_page(str(Path("pages") / f"{page}.py")).run()
    assert not app.exception
    return app


def show_view(app: AppTest, view: str) -> AppTest:
    """Choose a view of the Train page."""
    return find(app.segmented_control, "View").set_value(view).run()


def choose_network(app: AppTest, name: str) -> AppTest:
    """Choose what to train under Set up."""
    if name in CLASSICAL_MODELS:
        return find(app.selectbox, "Classical model").set_value(name).run()
    return app.button(key=f"network_{name}").click().run()


def open_alone(page: str, **query: str) -> AppTest:
    """Run a page without the router, under which AppTest does not send forms.

    The links to other pages, which finished runs have, need the router.
    """
    app = AppTest.from_file(str(PROJECT_DIR / "pages" / f"{page}.py"), default_timeout=TIMEOUT)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def open_part(app: AppTest, key: str) -> AppTest:
    """Open an expander or a popover whose content is drawn once it is open."""
    app.session_state[key] = True
    return app.run()


def read_state(app: AppTest, kind: type[T], name: str = "") -> T:
    """Return the page state of a session, built from its defaults if no page asked for it yet."""
    key = build_key(kind, name)
    if key not in app.session_state:
        app.session_state[key] = kind()
    return app.session_state[key]


def find(elements, label: str):
    """Return the one element with that label."""
    (element,) = [element for element in elements if element.label == label]
    return element


def texts(app: AppTest) -> str:
    """Join all texts and messages of a page, with those below the pictures of an explanation."""
    kinds = ("markdown", "caption", "info", "success", "warning", "error")
    shown = [element.value for kind in kinds for element in app.get(kind)]
    html = "".join(block.proto.body for block in app.get("html"))
    captions = re.findall(r"<figcaption[^>]*>(.*?)</figcaption>", html, re.DOTALL)
    return "\n".join([*shown, *(unescape(re.sub("<[^>]*>", " ", each)) for each in captions)])


def in_url(app: AppTest, name: str) -> str:
    """Return a query parameter, the last of several."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[-1]


def metrics(app: AppTest) -> dict[str, str]:
    """Map the labels of a page's metrics to their values."""
    return {metric.label: metric.value for metric in app.metric}


def figures(app: AppTest) -> dict[str, str]:
    """Map the labels of the figures that a page draws as one element to their values."""
    html = "".join(block.proto.body for block in app.get("html"))
    return dict(re.findall(r"<dt[^>]*>([^<]*)</dt><dd[^>]*>([^<]*)</dd>", html))


def cards(app: AppTest) -> dict[str, tuple[str, str]]:
    """Map the labels of the cards that a page draws as one element to their values and notes."""
    html = "".join(block.proto.body for block in app.get("html"))
    card = r'<dt>([^<]*)</dt><dd class="value">([^<]*)</dd><dd class="note">([^<]*)</dd>'
    return {label: (value, note) for label, value, note in re.findall(card, html)}


def list_curves(app: AppTest) -> list[Any]:
    """Return the messages of the live curves of a page: loss, then accuracy."""
    return [chart.proto for chart in app.get("vega_lite_chart")]


def labels(app: AppTest) -> list[str]:
    """Return the labels of a page's buttons, without the one that every page has."""
    return [button.label for button in app.button if button.label != "Present"]
