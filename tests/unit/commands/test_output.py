"""What is printed: names that the terminal's encoding lacks, and no word of the libraries."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from fmnist.__main__ import main
from fmnist.commands import predict
from fmnist.launching import launcher
from fmnist.settings import PROJECT_DIR
from fmnist.study import launch
from tests.support.inference import FakePool
from tests.support.runs import make_run
from tests.support.studies import make_repeat

ESCAPED = "\\u0444\\u043e\\u0442\\u043e"
"""How ``фото`` is printed where the encoding lacks its letters."""


def print_in_western_european(words: list[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a command on a terminal that knows Western European letters alone; return its output."""
    buffer = io.BytesIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(buffer, encoding="cp1252"))
        assert main(words) == 0
        sys.stdout.flush()
        return buffer.getvalue().decode("cp1252")


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_predict_goes_on_after_a_name_outside_the_encoding(
    isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    (make_run("finished", "cnn").path / "model.keras").touch()
    monkeypatch.setattr(predict, "InferencePool", FakePool)
    names = [str(tmp_path / name) for name in ("фото.png", "é.png")]
    for name in names:
        Image.new("L", (28, 28), 99).save(name)
    printed = print_in_western_european(["predict", *options, *names], monkeypatch)
    first, second = printed.splitlines()
    assert f"{ESCAPED}.png" in first
    if options:
        assert [json.loads(line)["file"] for line in (first, second)] == names
    else:
        assert "é.png" in second


def test_other_commands_print_names_outside_the_encoding(
    isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "_spawn_controller", lambda study: None)
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: None)
    make_run("finished", "фото")
    make_repeat("фото-study")
    for words, expected in (
        (["evaluate", "фото"], f"{ESCAPED}: 95.00%"),
        (["data", "--csv", str(tmp_path / "фото-csv")], f"{ESCAPED}-csv"),
        (["study", "list"], f"{ESCAPED}-study starting"),
        (["study", "show", "фото-study"], f"{ESCAPED}-study"),
    ):
        assert expected in print_in_western_european(words, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".h5", ".tflite"])
def test_export_prints_its_result_and_nothing_of_the_libraries(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setenv("FMNIST_MODELS", str(trained))
    target = tmp_path / f"network{suffix}"
    done = subprocess.run(
        [sys.executable, "-m", "fmnist", "export", "whole", str(target)], cwd=PROJECT_DIR,
        capture_output=True, text=True, timeout=240, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{target}: {target.stat().st_size / 1e6:.2f} MB\n"


class ClosedPipe(io.StringIO):
    """An output whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_reader_that_has_read_enough_ends_a_command_quietly(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", ClosedPipe())
    assert main(["data"]) == 0
