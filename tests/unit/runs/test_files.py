"""Atomic writes, and what is reported of damaged files."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from fmnist.errors import RunError
from fmnist.runs.files import load_json, remove_leftovers, write_bytes_atomically, write_json
from tests.support.runs import PID_NEVER_USED


def test_reader_sees_the_old_content_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "status.json"
    write_json(path, {"a": 1})
    seen = []
    replace = Path.replace

    def look_then_replace(self: Path, target: Path) -> Path:
        seen.append(load_json(path))  # the new content is complete elsewhere, the old still here
        seen.append(json.loads(self.read_text()))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look_then_replace)
    write_json(path, {"a": 2})
    assert seen == [{"a": 1}, {"a": 2}]
    assert load_json(path) == {"a": 2}
    assert list(tmp_path.glob(".status*")) == []


def test_failed_write_leaves_the_old_content_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.bin"
    write_bytes_atomically(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_bytes_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["x.bin"]


@pytest.mark.parametrize("durable", [True, False])
def test_content_reaches_the_disk_before_the_name_and_the_name_before_the_end(
    durable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []
    fsync, replace = os.fsync, os.replace

    def note_fsync(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "content"
        done.append((kind, (tmp_path / "x").exists()))
        fsync(descriptor)

    def note_replace(source: Path, target: Path) -> None:
        done.append(("name", (tmp_path / "x").exists()))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(os, "replace", note_replace)
    write_bytes_atomically(tmp_path / "x", b"new", durable=durable)
    synced = [("content", False), ("name", False), ("folder", True)]
    assert done == (synced if durable else [("name", False)])


def test_error_of_a_full_disk_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")  # without a name, as from the system

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space left on device") as caught:
        write_bytes_atomically(tmp_path / "x.bin", b"new")
    assert caught.value.filename == str(tmp_path / "x.bin")


def test_what_killed_writers_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    kept = ["x.json", ".note", f".x.json.{os.getpid()}-1.tmp"]
    left = [f".x.json.{PID_NEVER_USED}-1.tmp", f".y.{PID_NEVER_USED}.tmp", ".model.tmp.keras"]
    for name in (*kept, *left):
        (tmp_path / name).touch()
    remove_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == sorted(kept)
    remove_leftovers(tmp_path / "nowhere")


def test_json_that_is_no_object_is_reported_with_its_file(tmp_path: Path) -> None:
    assert load_json(tmp_path / "none.json") is None
    for content in ("", "{", "[1]", "3"):
        (tmp_path / "x.json").write_text(content)
        with pytest.raises(RunError, match=r"x\.json"):
            load_json(tmp_path / "x.json")
