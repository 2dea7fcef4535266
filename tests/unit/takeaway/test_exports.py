"""The exports that pages ask for: written in turn, kept in the cache, written again when stale."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from fmnist import settings
from fmnist.errors import InferenceError
from fmnist.export_worker import FORMATS, Comparison, Export, ExportWorker
from fmnist.runs import Run
from fmnist.takeaway.exports import (
    Exporter,
    ExportFolder,
    ExportProgress,
    list_formats,
    open_export_folder,
)
from tests.support.runs import make_run


@pytest.fixture
def run(isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    made = make_run("finished", "mine")
    (made.path / "model.keras").write_text("network")
    return made


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Hold each export until it is set; ``h5`` fails, ``litert-int8`` is refused."""
    opened = threading.Event()

    def export(
        _self: object, _model: Path, kind: str, target: Path, report: Callable[[str, float], None]
    ) -> Export:
        report("Writing", 0.5)
        opened.wait(60)
        if kind == "h5":
            raise InferenceError("The memory ran out.")
        refusal = "it differs" if kind == "litert-int8" else ""
        if not refusal:
            target.write_text(kind)
        return Export(kind, 3, 0.1, Comparison(20, 20, 0.0, 0.9, 0.9), "data", refusal)

    monkeypatch.setattr(ExportWorker, "export", export)
    return opened


def wait_for(exporter: Exporter, folder: ExportFolder) -> None:
    done = threading.Event()
    for _ in range(6_000):
        if not any(exporter.find_progress(folder, kind) for kind in FORMATS):
            return
        done.wait(0.01)
    pytest.fail("the exports did not end")


def test_exports_wait_in_turn_and_are_kept(run: Run, gate: threading.Event) -> None:
    exporter, folder = Exporter(), open_export_folder(run, "prints")
    exporter.request(folder, ["keras", "h5", "litert-int8"])
    exporter.request(folder, ["keras", "saved_model"])
    assert exporter.find_progress(folder, "h5") == ExportProgress("Waiting", 0.0)
    assert exporter.find_progress(folder, "onnx") is None
    gate.set()
    wait_for(exporter, folder)
    assert folder.load_export("keras") is not None
    assert folder.file_path("keras").read_text() == "keras"
    assert folder.file_path("saved_model").name == "mine-saved_model.zip"
    assert str(exporter.find_error(folder, "h5")) == "The memory ran out."
    assert folder.load_export("h5") is None
    refused = folder.load_export("litert-int8")
    assert refused is not None
    assert refused.refusal == "it differs"
    assert open_export_folder(run, "prints").load_export("keras") == folder.load_export("keras")


def test_another_network_or_test_set_is_exported_again(run: Run) -> None:
    first = open_export_folder(run, "prints")
    assert open_export_folder(run, "others") != first
    (run.path / "model.keras").write_text("trained further")
    assert open_export_folder(run, "prints") != first


def test_file_that_was_deleted_or_a_damaged_record_counts_as_none(
    run: Run, gate: threading.Event
) -> None:
    exporter, folder = Exporter(), open_export_folder(run, "prints")
    gate.set()
    exporter.request(folder, ["keras", "onnx"])
    wait_for(exporter, folder)
    folder.file_path("keras").unlink()
    folder.record_path("onnx").write_text("{")
    assert folder.load_export("keras") is None
    assert folder.load_export("onnx") is None


def test_oldest_exports_make_room(
    run: Run, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter, gate_folder = Exporter(), open_export_folder(run, "old")
    gate.set()
    exporter.request(gate_folder, ["keras"])
    wait_for(exporter, gate_folder)
    os.utime(gate_folder.path, (1, 1))
    monkeypatch.setattr(settings, "CACHED_EXPORT_BYTES", 10)
    newest = open_export_folder(run, "new")
    exporter.request(newest, ["keras"])
    wait_for(exporter, newest)
    assert newest.load_export("keras") is not None
    assert not gate_folder.path.exists()


def test_run_without_a_keras_network_has_one_format(run: Run) -> None:
    assert list_formats(run) == list(FORMATS)
    (run.path / "model.keras").rename(run.path / "model.onnx")
    assert list_formats(run) == ["onnx"]
    (run.path / "model.onnx").unlink()
    with pytest.raises(InferenceError, match="has no model yet"):
        open_export_folder(run, "prints")
