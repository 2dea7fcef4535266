"""``python -m fmnist export``: what is refused, and why; what is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fmnist.__main__ import main
from fmnist.errors import InferenceError
from fmnist.export_worker import FORMATS, Comparison, Export, ExportWorker
from tests.support.runs import make_run


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("x.pb", "must end in .h5, .keras, .onnx or .tflite"),
        ("none/x.h5", "There is no folder"),
        ("x.h5", "no model yet"),
    ],
)
def test_export_refuses_with_the_reason(
    isolated: Path, tmp_path: Path, output: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make_run("queued", "mine")
    assert main(["export", "mine", str(tmp_path / output)]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x.onnx", "--format", "onnx"], "Name a FILE, or give --format and -o DIR, not both."),
        ([], "Give --format, or the FILE to write."),
        (["--format", "h5"], "The run plain is not a Keras network. Export it as ONNX."),
    ],
)
def test_options_that_do_not_fit_are_refused(
    isolated: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (make_run("finished", "plain").path / "model.onnx").touch()
    assert main(["export", "plain", *words]) == 1
    assert message in capsys.readouterr().err


@pytest.fixture
def exporting(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ``mine``, of which each file is right but those of 8 bits throughout."""
    (make_run("finished", "mine").path / "model.keras").touch()

    def export(_self: object, _model: Path, kind: str, *_rest: object) -> Export:
        if kind == "h5":
            raise InferenceError("The disk is full.")
        refusal = "9,937 of 10,000" if kind == "litert-int8" else ""
        comparison = Comparison(10_000, 9_937, 0.25, 0.937, 0.9375)
        return Export(kind, 1_234_567, 0.125, comparison, "the data", refusal)

    monkeypatch.setattr(ExportWorker, "export", export)


def test_table_has_what_was_measured_and_says_what_is_not_written(
    exporting: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "folder"
    assert main(["export", "mine", "--format", "all", "-o", str(folder)]) == 1
    output, errors = capsys.readouterr()
    rows = {line.split()[0]: line for line in output.splitlines()[1:6]}
    assert list(rows) == [kind for kind in FORMATS if kind != "h5"]
    assert rows["onnx"].split()[1:] == [
        "1,234,567", "0.125", "0.25", "99.37%", "93.70%", "(before:", "93.75%)"
    ]  # fmt: skip
    assert rows["litert-int8"].endswith("not written")
    assert errors == "error: The disk is full.\nerror: 9,937 of 10,000\n"
    assert 'load_model("mine.keras")' in output
    assert "mine-litert-int8.tflite" not in output
    assert folder.is_dir()


def test_json_has_the_same_figures(
    exporting: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "mine", "--format", "onnx", "-o", str(tmp_path), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["file"] == str(tmp_path / "mine.onnx")
    assert found["same_share"] == 0.9937
    assert found["comparison"]["accuracy_before"] == 0.9375
    assert found["load"].startswith("import onnxruntime")
