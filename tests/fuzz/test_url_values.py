"""Any URL shows a page: what can't be used counts as absent, and nothing is an error."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist.takeaway.exports import Exporter
from fmnist.ui.shell import changes
from tests.support.browser import PAGES
from tests.support.fuzz import SEED, scale_count
from tests.support.inside_pages import fake_keras
from tests.support.pages import hold_controller, open_page, texts
from tests.support.runs import make_run
from tests.support.studies import make_finished_sweep
from tests.support.url_values import VALUES_IN_A_URL, draw_query, find_parameters

N_URLS = scale_count(-(-1_000 // VALUES_IN_A_URL))

CPU_SECONDS = 6.0
"""Of the program's own time, which does not depend on what else the machine does."""


@pytest.fixture(autouse=True)
def some_runs(isolated: object, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_controller(monkeypatch)
    fake_keras(monkeypatch)
    monkeypatch.setattr(changes.computation, "start_computation", lambda *_given, **_named: None)
    monkeypatch.setattr(Exporter, "request", lambda *_given, **_named: None)
    for run_id in ("done", "other"):
        run = make_run("finished", run_id)
        (run.path / "model.keras").write_bytes(b"a network")
        (run.path / "model.onnx").write_bytes(b"a network")
    make_run("queued", "waits")
    make_run("failed", "failed")
    make_finished_sweep(4)


def check(app: AppTest, url: str) -> None:
    assert not app.exception, url
    assert "failed because of an error in the program" not in texts(app), url


def test_parameters_of_every_kind_are_found() -> None:
    by_choice = {"view", "way", "part", "method", "images", "colour", "probabilities"}
    by_name = {"lesson", "present", "design", "round", "map", "item", "cell", "run", "study"}
    by_key = {"a", "b", "with", "batches", "all"}
    assert by_choice | by_name | by_key <= set(find_parameters())


@pytest.mark.parametrize("number", range(N_URLS))
def test_any_url_shows_the_page(number: int) -> None:
    rng = np.random.default_rng(SEED + number)
    page = list(PAGES)[number % len(PAGES)]
    query = draw_query(rng, find_parameters())
    url = f"{page}?{urlencode(query, doseq=True)[:2_000]}"
    start = time.process_time()
    check(open_page(page, **query), url)
    assert time.process_time() - start < CPU_SECONDS, url
