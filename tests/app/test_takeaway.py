"""The page Take away: which run it opens on, what can be exported, and what comes of it."""

from __future__ import annotations

import pytest

from fmnist.data import load_dataset
from fmnist.errors import InferenceError
from fmnist.export_worker import FORMATS, Comparison, Export
from fmnist.runs import Run
from fmnist.runs.files import write_json
from fmnist.takeaway.exports import Exporter, ExportFolder, ExportProgress, open_export_folder
from fmnist.ui.shell.download_links import take_content
from tests.support.pages import find, in_url, labels, open_page, texts
from tests.support.runs import make_run


@pytest.fixture(autouse=True)
def requested(controlled: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Start no process; the list holds the formats that would have been exported."""
    kinds: list[str] = []
    monkeypatch.setattr(Exporter, "request", lambda _self, _folder, asked: kinds.extend(asked))
    return kinds


def make_model_run(run_id: str) -> Run:
    run = make_run("finished", run_id)
    (run.path / "model.keras").write_bytes(b"x" * 2_000_000)
    return run


def write_export(run: Run, kind: str, refusal: str = "") -> ExportFolder:
    """Put what the worker writes into the cache."""
    folder = open_export_folder(run, load_dataset().fingerprints["test"])
    folder.path.mkdir(parents=True, exist_ok=True)
    if not refusal:
        folder.file_path(kind).write_bytes(b"x" * 2_000_000)
    comparison = Comparison(200, 198, 0.25, 0.95, 0.96)
    export = Export(kind, 2_000_000, 0.125, comparison, "the data", refusal)
    write_json(folder.record_path(kind), export.to_dict())
    return folder


def test_without_a_finished_run_it_leads_to_training() -> None:
    make_run("failed", "mine")
    app = open_page("takeaway")
    assert "No run is finished yet" in texts(app)
    assert not app.error


def test_evaluate_and_runs_lead_to_the_run_that_they_show() -> None:
    make_model_run("first")
    make_model_run("second")
    assert in_url(open_page("takeaway", run="first"), "run") == "first"
    for page, query in (("runs", {"runs": "first"}), ("evaluate", {"run": "first"})):
        links = open_page(page, **query).get("page_link")
        (link,) = [each.proto for each in links if each.proto.label == "Take away"]
        assert link.query_string == "run=first"


def test_formats_are_asked_for_one_by_one_or_all_at_once(requested: list[str]) -> None:
    make_model_run("first")
    app = open_page("takeaway", run="first")
    assert labels(app).count("Export") == len(FORMATS)
    app.button(key="takeaway_export_onnx").click().run()
    find(app.button, "Export all").click().run()
    assert requested == ["onnx", *FORMATS]


def test_a_right_file_is_downloaded_and_a_wrong_one_is_not() -> None:
    run = make_model_run("first")
    folder = write_export(run, "saved_model")
    write_export(run, "litert-int8", refusal="it puts 198 of 200 test images into one class")
    app = open_page("takeaway", run="first")
    assert "it puts 198 of 200 test images into one class" in app.warning[0].value
    assert [code.value for code in app.code] == [
        FORMATS["saved_model"].describe_loading("first-saved_model")
    ]
    table = app.dataframe[0].value
    assert table["File"].tolist() == ["written", "refused"]
    assert table["Same class"].tolist() == [99.0, 99.0]
    assert table["Bytes"].tolist() == [2_000_000, 2_000_000]
    assert not app.get("iframe")
    find(app.button, "Download (2.0 MB)").click().run()
    (frame,) = app.get("iframe")
    assert frame.proto.src.endswith("/first-saved_model.zip")
    assert take_content(frame.proto.src.split("/")[-2]) == folder.file_path("saved_model")


def test_progress_and_failure_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    make_model_run("first")
    progress = {"onnx": ExportProgress("Comparing", 0.25)}
    error = {"h5": InferenceError("The disk is full.")}
    monkeypatch.setattr(Exporter, "find_progress", lambda _s, _f, kind: progress.get(kind))
    monkeypatch.setattr(Exporter, "find_error", lambda _s, _f, kind: error.get(kind))
    app = open_page("takeaway", run="first")
    assert [(bar.proto.value, bar.proto.text) for bar in app.get("progress")] == [(25, "Comparing")]
    assert [each.value for each in app.error] == ["The disk is full."]
    assert labels(app).count("Export") == len(FORMATS) - 1
    assert "Export the others" in labels(app)


def test_classical_model_is_offered_as_onnx_alone() -> None:
    run = make_model_run("first")
    (run.path / "model.keras").rename(run.path / "model.onnx")
    assert labels(open_page("takeaway", run="first")).count("Export") == 1


@pytest.mark.parametrize("value", ["../..", "", "x" * 100_000, "![b](http://evil.example/x)"])
def test_what_a_link_can_not_mean_is_replaced(value: str) -> None:
    make_model_run("first")
    app = open_page("takeaway", run=value, view=value)
    assert not app.error
    assert in_url(app, "run") == "first"
    assert "http://" not in texts(app).replace("\\", "")
