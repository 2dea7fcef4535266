"""What becomes of the target: a file that is refused or can't be written leaves it as it was."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest

from fmnist.errors import InferenceError
from fmnist.export_worker import Comparison, Export, ExportWorker

COMPARISON = Comparison(200, 199, 0.1, 0.9, 0.91)


def answer(worker: ExportWorker, monkeypatch: pytest.MonkeyPatch, refusal: str) -> None:
    """Let the worker write ``new``, which is refused or not."""

    def ask(_function: str, _model: str, kind: str, target: str, _progress: str) -> Future[Export]:
        Path(target).write_text("new")
        done: Future[Export] = Future()
        done.set_result(Export(kind, 3, 0.1, COMPARISON, "the data", refusal))
        return done

    monkeypatch.setattr(worker, "_ask", ask)


@pytest.mark.parametrize(("refusal", "content"), [("", "new"), ("it is wrong", "old")])
def test_only_a_right_file_replaces_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: str, content: str
) -> None:
    target = tmp_path / "cnn.onnx"
    target.write_text("old")
    with ExportWorker() as worker:
        answer(worker, monkeypatch, refusal)
        export = worker.export(tmp_path / "model.keras", "onnx", target, lambda *_: None)
    assert export.refusal == refusal
    assert target.read_text() == content
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("none/x.h5", "can't be written: No such file or directory."),
        ("folder.h5", "is a folder with other content."),
        ("file/x.h5", "can't be written: Not a directory."),
    ],
)
def test_target_that_can_not_be_written_is_not_blamed_on_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, cause: str
) -> None:
    (tmp_path / "folder.h5").mkdir()
    (tmp_path / "file").touch()
    worker = ExportWorker()
    answer(worker, monkeypatch, "")
    with pytest.raises(InferenceError) as caught:
        worker.export(tmp_path / "model.keras", "h5", tmp_path / name, lambda *_: None)
    assert str(caught.value).startswith(f"{tmp_path / name} {cause}")
    assert not list(tmp_path.rglob(".export-*"))
