"""``python -m fmnist export``: what is refused, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.__main__ import main
from tests.support.runs import make_run


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("x.pb", "must end in .h5, .keras or .onnx"),
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
