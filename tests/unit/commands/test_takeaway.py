"""The README's commands that hand a run out, as they stand there, on the smallest shipped run."""

from __future__ import annotations

import json
import re
import shlex
from http.client import HTTPConnection
from pathlib import Path

import pytest

from fmnist.__main__ import main
from fmnist.deployment.aws import Clients
from fmnist.export_worker import FORMATS
from fmnist.settings import PROJECT_DIR
from tests.support.archives import REAL_ARCHIVE
from tests.support.aws import ROLE, list_everything
from tests.support.serving import start_endpoint

pytestmark = [pytest.mark.slow, pytest.mark.processes]

SMALLEST = "baseline"


def list_lines(command: str) -> list[list[str]]:
    """Return the words of each README line with a command, with the run replaced."""
    readme = (PROJECT_DIR / "README.md").read_text("utf-8")
    lines = re.findall(rf"^\.venv/bin/python -m fmnist ({command}\b[^#\n]*)", readme, re.M)
    names = {"cnn": SMALLEST, "ARN": ROLE}
    found = [[names.get(word, word) for word in shlex.split(line)] for line in lines]
    assert found, f"the README has no line with {command}"
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty, with the shipped runs."""
    monkeypatch.setenv("FMNIST_MODELS", str(PROJECT_DIR / "models"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.real_data
def test_export_lines_write_every_format(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FMNIST_ARCHIVE", str(REAL_ARCHIVE))
    for words in list_lines("export"):
        assert main(words) == 0
    assert (folder / "network.h5").stat().st_size > 2_000_000
    written = {path.name for path in (folder / "exports").iterdir()}
    assert written == {kind.name_file(SMALLEST) for kind in FORMATS.values()}


def test_lines_of_code_and_report_write_their_files(folder: Path) -> None:
    for command in ("script", "notebooks", "report"):
        for words in list_lines(command):
            assert main(words) == 0
    assert {path.name for path in folder.iterdir()} == {
        "cnn.py", "notebooks", "cnn.html", "runs.html",
    }  # fmt: skip
    assert len(list((folder / "notebooks").glob("*.ipynb"))) == 2
    assert "Model card: baseline" in (folder / "cnn.html").read_text("utf-8")
    assert "Comparison" in (folder / "runs.html").read_text("utf-8")


def test_serve_line_answers() -> None:
    (words,) = list_lines("serve")
    with start_endpoint([*words[:-1], "0"]) as (_, port):
        body = json.dumps({"instances": [[0] * 784]})
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", "/invocations", body, {"Content-Type": "application/json"})
        (answer,) = json.loads(connection.getresponse().read())["predictions"]
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-3)


def test_deploy_lines_create_show_and_delete(clients: Clients) -> None:
    check, *others = list_lines("deploy")
    assert check[-1] == "--dry-run"
    assert main(check) == 0
    assert list_everything(clients) == []
    assert main([*check[:-1], "--yes"]) == 0
    assert list_everything(clients) != []
    assert [words[1] for words in others] == ["status", "delete"]
    for words in others:
        assert main(words) == 0
    assert list_everything(clients) == []
