"""Child processes: environment, session, log and priority; and that no other module starts any."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import pytest

from fmnist import settings
from fmnist.launching.spawn import BACKGROUND_NICE, spawn
from tests.support.sources import walk_modules

PROBE = """
import json, os, sys
print(json.dumps({
    "arguments": sys.argv[1:], "cwd": os.getcwd(), "session": os.getsid(0), "pid": os.getpid(),
    "stdin": sys.stdin.read(),
    "archive": os.environ["FMNIST_ARCHIVE"], "models": os.environ["FMNIST_MODELS"],
}))
"""
STARTERS = {
    "fmnist/worker_process.py",  # workers end with the server
    "fmnist/launching/spawn.py",
    "fmnist/training/hardware.py",  # asks git for the commit
}


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "probe.py").write_text(PROBE)
    monkeypatch.setattr(settings, "PROJECT_DIR", tmp_path / "project")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FMNIST_ARCHIVE", "here")
    monkeypatch.setenv("FMNIST_MODELS", "here")
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="sessions and nice values are POSIX")
def test_child_has_absolute_folders_and_a_session_of_its_own(probe: Path) -> None:
    log = probe / "log"
    log.write_text("before\n")
    process = spawn("probe", "a", "b c", log=log)
    assert process.wait(30) == 0
    before, line = log.read_text().splitlines()
    said = json.loads(line)
    assert before == "before"
    assert said["arguments"] == ["a", "b c"]
    assert said["cwd"] == str(probe / "project")
    assert said["session"] == said["pid"] == process.pid
    assert said["stdin"] == ""
    assert said["archive"] == said["models"] == str(probe / "here")


@pytest.mark.skipif(os.name != "posix", reason="nice values are POSIX")
@pytest.mark.parametrize("is_background", [False, True])
def test_background_process_has_a_lower_priority(probe: Path, is_background: bool) -> None:
    (probe / "project" / "waiting.py").write_text("import time\ntime.sleep(60)")
    own = os.getpriority(os.PRIO_PROCESS, 0)
    process = spawn("waiting", log=probe / "log", is_background=is_background)
    try:
        expected = max(own, BACKGROUND_NICE) if is_background else own
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == expected
    finally:
        process.kill()
        process.wait(30)


def test_log_that_can_not_be_written_is_an_error_and_starts_nothing(probe: Path) -> None:
    with pytest.raises(FileNotFoundError):
        spawn("probe", log=probe / "nowhere" / "log")


def test_processes_are_started_in_one_place() -> None:
    starters = {
        module
        for module, node in walk_modules("fmnist")
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "subprocess"
    }
    assert starters == STARTERS
