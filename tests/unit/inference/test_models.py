"""Which ``model.onnx`` answers for a run, and when its ``model.keras`` is converted."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from pathlib import Path

import pytest

from fmnist.errors import InferenceError
from fmnist.inference import models
from fmnist.inference.models import OnnxModels
from fmnist.runs import Recipe, Run, create_run

DONE = 30.0


class FakeWorkers:
    """A file's content is the hash that it was made from; the conversion waits for ``go``."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.converted: list[Path] = []
        self.go = threading.Event()
        self.go.set()
        monkeypatch.setattr(models, "convert_model", self.convert)

    def convert(self, path: Path) -> bytes:
        self.go.wait(DONE)
        self.converted.append(path)
        if path.read_bytes() == b"damaged":
            raise InferenceError(f"{path} is damaged.")
        return hashlib.sha256(path.read_bytes()).hexdigest().encode()

    def find_fault(self, path: Path, model_sha256: str | None) -> str:
        content = path.read_text()
        if model_sha256 is None:
            return f"{path} is damaged." if content == "damaged" else ""
        return "" if content == model_sha256 else f"{path} was made from another model.keras."


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, isolated: Path) -> FakeWorkers:
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    return FakeWorkers(monkeypatch)


def make_run(content: bytes | None = b"model", onnx: str | None = None) -> Run:
    run = create_run(Recipe("cnn"), run_id="one")
    if content is not None:
        (run.path / "model.keras").write_bytes(content)
    if onnx is not None:
        (run.path / "model.onnx").write_text(onnx)
    return run


def find(workers: FakeWorkers, run: Run) -> Path:
    return OnnxModels(workers.find_fault).find(run).result(DONE)


def test_file_of_the_run_is_taken_where_it_belongs_to_its_model(workers: FakeWorkers) -> None:
    run = make_run(onnx=hashlib.sha256(b"model").hexdigest())
    assert find(workers, run) == run.path / "model.onnx"
    assert workers.converted == []


@pytest.mark.parametrize("onnx", [None, "of an earlier epoch", "damaged"])
def test_run_without_a_usable_file_gets_one_in_the_cache_folder_once(
    workers: FakeWorkers, onnx: str | None, tmp_path: Path
) -> None:
    run = make_run(onnx=onnx)
    sha256 = hashlib.sha256(b"model").hexdigest()
    path = find(workers, run)
    assert path == tmp_path / "cache" / "onnx" / f"{sha256}.onnx"
    assert path.read_text() == sha256
    assert find(workers, run) == path  # another server
    assert workers.converted == [run.path / "model.keras"]


def test_model_that_was_trained_further_is_converted_again(workers: FakeWorkers) -> None:
    run, found = make_run(), OnnxModels(workers.find_fault)
    first = found.find(run).result(DONE)
    (run.path / "model.keras").write_bytes(b"better")
    os.utime(run.path / "model.keras", (1, 1))
    assert found.find(run).result(DONE) != first
    assert len(workers.converted) == 2


def test_cached_file_that_was_deleted_is_made_again(workers: FakeWorkers, tmp_path: Path) -> None:
    run, found = make_run(), OnnxModels(workers.find_fault)
    found.find(run).result(DONE)
    shutil.rmtree(tmp_path / "cache")
    assert found.find(run).result(DONE).is_file()


def test_nobody_waits_for_another_runs_conversion_and_it_is_made_once(
    workers: FakeWorkers,
) -> None:
    run, found = make_run(), OnnxModels(workers.find_fault)
    ready = create_run(Recipe("cnn"), run_id="ready")
    (ready.path / "model.onnx").write_text("alone")
    workers.go.clear()
    first, second = found.find(run), found.find(run)
    assert not first.done()
    assert found.find(ready).done()
    workers.go.set()
    assert first.result(DONE) == second.result(DONE)
    assert len(workers.converted) == 1


def test_run_that_has_no_keras_model_answers_with_its_onnx_file(workers: FakeWorkers) -> None:
    run = make_run(content=None, onnx="of scikit-learn")
    assert find(workers, run) == run.path / "model.onnx"
    (run.path / "model.onnx").write_text("damaged")
    with pytest.raises(InferenceError, match="Restore the file or train the run again"):
        find(workers, run)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "The run one has no model yet"), (b"damaged", r"model\.keras is damaged")],
)
def test_what_can_not_be_used_is_an_error_of_the_answer(
    workers: FakeWorkers, content: bytes | None, words: str
) -> None:
    with pytest.raises(InferenceError, match=words):
        find(workers, make_run(content=content))


def test_cache_folder_that_can_not_be_written_is_named(
    workers: FakeWorkers, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(InferenceError, match=r"cache.*\.onnx can't be written"):
        find(workers, make_run())


def test_oldest_files_are_deleted_where_all_take_too_much(
    workers: FakeWorkers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(models.settings, "CACHED_ONNX_BYTES", 100)  # one of 64 bytes
    run, found = make_run(), OnnxModels(workers.find_fault)
    first = found.find(run).result(DONE)
    os.utime(first, (1, 1))
    (run.path / "model.keras").write_bytes(b"better")
    second = found.find(run).result(DONE)
    assert list((tmp_path / "cache" / "onnx").iterdir()) == [second]
