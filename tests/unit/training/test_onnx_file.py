"""The ``model.onnx`` at the end of a run; whatever fails there costs the run nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from fmnist.runs import Recipe, create_run
from fmnist.training.onnx_file import write_onnx


def fail(_network: object, _model_sha256: str) -> bytes:
    raise ValueError("unknown operator")


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (SimpleNamespace(export_onnx=fail), "ValueError: unknown operator"),
        (None, "ModuleNotFoundError"),  # where only JAX is installed
    ],
)
def test_network_that_can_not_be_converted_is_a_line_of_the_log(
    isolated: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: object,
    reason: str,
) -> None:
    run = create_run(Recipe("cnn"), run_id="one")
    (run.path / "model.keras").write_bytes(b"model")
    (run.path / "model.onnx").write_bytes(b"of the attempt before")
    monkeypatch.setitem(sys.modules, "fmnist.networks.onnx_export", module)
    write_onnx(run, object())
    printed = capsys.readouterr().out
    assert printed.startswith(f"model.onnx was not written ({reason}")
    assert not (run.path / "model.onnx").exists()
