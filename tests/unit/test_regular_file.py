"""Which files are read, and how much of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fmnist.regular_file import read_regular_file


def test_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"12345")
    assert read_regular_file(path, 5) == b"12345"
    with pytest.raises(OSError, match="5 bytes; at most 4 are read"):
        read_regular_file(path, 4)
    assert read_regular_file(path, 2, tail=True) == b"45"


@pytest.mark.parametrize("kind", ["fifo", "device", "folder", "link to a device"])
def test_what_is_no_regular_file_is_refused_unread(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x"
    match kind:
        case "fifo":
            os.mkfifo(path)  # to open it for reading would wait for a writer
        case "folder":
            path.mkdir()
        case "link to a device":
            path.symlink_to("/dev/zero")
        case "device":
            path = Path("/dev/zero")
    with pytest.raises(OSError, match=r"not a regular file|Is a directory"):
        read_regular_file(path, 100)


def test_links_are_followed_only_where_that_is_meant(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "secret")
    assert read_regular_file(link, 10) == b"secret"
    with pytest.raises(OSError, match="symbolic link"):
        read_regular_file(link, 10, follow_links=False)
