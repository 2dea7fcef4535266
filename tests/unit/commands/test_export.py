"""``python -m fmnist export``: what is refused, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.__main__ import main
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
        (["--format", "h5"], "The run plain is no Keras network. Export it as ONNX."),
    ],
)
def test_options_that_do_not_fit_are_refused(
    isolated: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (make_run("finished", "plain").path / "model.onnx").touch()
    assert main(["export", "plain", *words]) == 1
    assert message in capsys.readouterr().err
