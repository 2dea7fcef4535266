"""The sections Code and Report of the page Take away."""

from __future__ import annotations

import pytest
from streamlit.proto.DownloadButton_pb2 import DownloadButton
from streamlit.testing.v1 import AppTest

from fmnist.runs import Recipe, create_run
from fmnist.takeaway import notebooks
from tests.support.pages import open_page, texts
from tests.support.runs import make_run, write_report

pytestmark = pytest.mark.usefixtures("controlled")


def find_downloads(app: AppTest) -> dict[str, DownloadButton]:
    return {each.proto.label: each.proto for each in app.get("download_button")}


def test_script_and_notebooks_of_a_run() -> None:
    make_run("finished", "mine", "cnn")
    app = open_page("takeaway", run="mine", view="Code")
    downloads = find_downloads(app)
    assert not downloads["Script"].disabled
    assert "fashion_mnist_cnn_custom.h5" in texts(app)
    assert "def build_network():" in app.code[0].value


def test_without_the_extras_the_script_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks.importlib.util, "find_spec", lambda name: None)
    make_run("finished", "mine", "cnn")
    downloads = find_downloads(open_page("takeaway", run="mine", view="Code"))
    assert downloads["Notebooks"].disabled
    assert not downloads["Script"].disabled


def test_what_can_not_be_code_says_why() -> None:
    write_report(create_run(Recipe("cnn", augmentation="outside"), run_id="mine"))
    app = open_page("takeaway", run="mine", view="Code")
    assert "photos and drawings" in app.warning[0].value
    assert not find_downloads(app)


def test_report_of_one_run_and_of_two() -> None:
    make_run("finished", "mine", "cnn")
    make_run("finished", "other", "baseline")
    app = open_page("takeaway", run="mine", view="Report")
    assert "Model card" in find_downloads(app)
    app.multiselect(key="takeaway_compared").select("other").run()
    assert "Comparison" in find_downloads(app)


def test_runs_of_different_items_are_not_compared() -> None:
    make_run("finished", "mine", "cnn")
    write_report(create_run(Recipe("cnn"), run_id="other"), n_test=30)
    app = open_page("takeaway", run="mine", view="Report")
    app.multiselect(key="takeaway_compared").select("other").run()
    assert "tested on different items" in app.error[0].value
    assert not find_downloads(app)
