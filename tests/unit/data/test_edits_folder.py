"""Uploaded edits files: which are stored, and under which names."""

from __future__ import annotations

from pathlib import Path

import pytest

from fmnist import settings
from fmnist.data.edits import load_edits
from fmnist.data.edits_folder import list_edits, store_edits
from fmnist.errors import DataError
from tests.support.edits import write_edits


@pytest.fixture
def content(isolated: Path, tmp_path: Path) -> bytes:
    return write_edits(tmp_path / "edits.json").read_bytes()


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("a.json", "a.json"), ("../../a.json", "a.json"), ("/etc/a", "a.json"),
        ("", "edits.json"), (".json", "json.json"), ("a b\n<c>.json", "a_b_c.json"),
        ("x" * 500, f"{'x' * 80}.json"),
    ],
)  # fmt: skip
def test_file_is_stored_in_the_folder_whatever_its_name(
    content: bytes, name: str, stored: str
) -> None:
    path = store_edits(name, content)
    assert path == settings.edits_dir() / stored
    assert list_edits() == [path]
    load_edits(path)


def test_same_file_is_stored_once_and_another_one_gets_a_number(content: bytes) -> None:
    first = store_edits("a.json", content)
    assert store_edits("a.json", content) == first
    assert store_edits("a.json", content + b"\n").name == "a-2.json"


def test_folder_has_a_limit(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_EDITS_FILES", 2)
    for number in range(2):
        store_edits("a.json", content + b"\n" * number)
    with pytest.raises(DataError, match="holds 2 edits files"):
        store_edits("a.json", content + b"   ")
    assert len(list_edits()) == 2


def test_what_is_no_edits_file_is_not_stored(content: bytes) -> None:
    for bad in (b"", b"{}", b"[" * 100_000, content + b" " * 4_000_000):
        with pytest.raises(DataError):
            store_edits("a.json", bad)
    assert not settings.edits_dir().exists()
