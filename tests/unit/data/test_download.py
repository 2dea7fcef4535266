"""The download, against servers on this machine: every way in which a mirror can fail."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import threading
import time
from pathlib import Path

import pytest

from fmnist.data import download, load_dataset
from fmnist.data.download import download_official, download_once
from fmnist.data.official import OfficialFile
from fmnist.errors import DownloadError
from tests.support.archives import assert_same_arrays, build_arrays, use_folders, write_idx
from tests.support.mirrors import (
    closed_address,
    never_answer,
    send,
    send_half,
    send_half_then_halt,
    send_labels_only,
    send_not_found,
    send_other_bytes,
    send_slowly,
    serve,
)

ARRAYS = build_arrays(200, 100)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, bytes]:
    """Publish small files in place of the official ones; return what a mirror serves."""
    use_folders(monkeypatch, tmp_path)
    monkeypatch.delenv("FMNIST_OFFLINE")
    published = tmp_path / "published"
    published.mkdir()
    contents = {path.name: path.read_bytes() for path in write_idx(published, ARRAYS)}
    official = tuple(
        OfficialFile(name, len(content), hashlib.md5(content).hexdigest())
        for name, content in contents.items()
    )
    monkeypatch.setattr(download, "OFFICIAL_FILES", official)
    monkeypatch.setattr(download, "PROBE_SECONDS", 2.0)
    monkeypatch.setattr(download, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(download, "READ_SECONDS", 1.0)
    return contents


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_come_into_the_archive(files, tmp_path):
    seen: list[tuple[str, float]] = []
    with serve(files) as (mirror, _):
        download_official(lambda *step: seen.append(step), mirrors=(mirror,))
    assert names_in(tmp_path / "archive") == sorted(files)
    assert {(tmp_path / "archive" / name).stat().st_mode & 0o777 for name in files} == {0o644}
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    assert "Downloading train-images-idx3-ubyte.gz" in {doing for doing, _ in seen}
    dataset = load_dataset()
    assert_same_arrays(dataset, ARRAYS)
    assert dataset.source.kind == "idx"


def test_load_dataset_downloads_what_is_missing(files, monkeypatch):
    with serve(files) as (mirror, asked):
        monkeypatch.setattr(download, "MIRRORS", (mirror,))
        assert_same_arrays(load_dataset(), ARRAYS)
        n_asked = len(asked)
        assert_same_arrays(load_dataset(), ARRAYS)
    assert len(asked) == n_asked


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (send_other_bytes, "is not the published file"),
        (send_half, "connection broke during"),
        (send_half_then_halt, "connection broke during|stalled"),
        (send_labels_only, "was refused .*500"),
        (send_not_found, "No mirror .* answered"),
        (never_answer, "No mirror .* answered"),
    ],
)
def test_a_bad_mirror_leaves_nothing_behind(files, tmp_path, answer, words):
    start = time.perf_counter()
    with serve(files, answer) as (mirror, _), pytest.raises(DownloadError, match=words):
        download_official(mirrors=(mirror,))
    assert time.perf_counter() - start < 8
    assert names_in(tmp_path / "archive") == []


@pytest.mark.parametrize(
    "answer", [send_other_bytes, send_half, send_half_then_halt, send_not_found, never_answer]
)
def test_the_second_mirror_helps(files, monkeypatch, tmp_path, answer):
    monkeypatch.setattr(download, "_sort_reachable_first", list)
    with serve(files, answer) as (bad, _), serve(files) as (good, asked):
        download_official(mirrors=(bad, good))
    assert names_in(tmp_path / "archive") == sorted(files)
    assert asked


def test_a_mirror_that_never_ends_is_left(files, tmp_path):
    sent = []

    def send_without_end(handler, name, content):
        handler.send_response(200)
        handler.end_headers()
        if handler.command == "GET":
            with contextlib.suppress(OSError):
                for _ in range(1_000):
                    handler.wfile.write(content)
                    sent.append(len(content))

    with (
        serve(files, send_without_end) as (mirror, _),
        pytest.raises(DownloadError, match="is not the published file"),
    ):
        download_official(mirrors=(mirror,))
    assert sum(sent) < 50e6  # what was under way, of 157 MB
    assert names_in(tmp_path / "archive") == []


@pytest.mark.slow  # the mirror goes on dripping until it notices that nobody reads
def test_a_mirror_that_drips_is_left(files, monkeypatch, tmp_path):
    monkeypatch.setattr(download, "DOWNLOAD_SECONDS", 0.1)
    with serve(files, send_slowly) as (mirror, _), pytest.raises(DownloadError, match="stalled"):
        download_official(mirrors=(mirror,))
    assert names_in(tmp_path / "archive") == []


def test_the_mirror_that_answers_goes_first(files, tmp_path):
    with serve(files, never_answer) as (bad, asked), serve(files) as (good, _):
        download_official(mirrors=(bad, good))
    assert names_in(tmp_path / "archive") == sorted(files)
    assert not [line for line in asked if line.startswith("GET")]


def test_what_the_first_mirror_had_is_not_asked_again(files, monkeypatch):
    monkeypatch.setattr(download, "_sort_reachable_first", list)

    def break_on_test_images(handler, name, content):
        (send_half if name.startswith("t10k-images") else send)(handler, name, content)

    with serve(files, break_on_test_images) as (first, _), serve(files) as (second, asked):
        download_official(mirrors=(first, second))
    fetched = [line for line in asked if line.startswith("GET")]
    assert fetched == ["GET t10k-images-idx3-ubyte.gz", "GET t10k-labels-idx1-ubyte.gz"]


def test_without_a_network_the_demo_set_comes_soon(files, monkeypatch):
    address = closed_address()
    monkeypatch.setattr(download, "MIRRORS", (address, address))
    monkeypatch.setattr("fmnist.data.load.build_demo", lambda progress: build_arrays())
    start = time.perf_counter()
    dataset = load_dataset()
    assert time.perf_counter() - start < 4
    assert dataset.source.is_demo
    assert "No mirror" in dataset.source.notes[0]
    assert "Put the two CSV files or the four IDX files" in dataset.source.notes[0]


def test_a_network_that_swallows_everything_is_given_up(files):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        mirror = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        start = time.perf_counter()
        with pytest.raises(DownloadError, match="No mirror"):
            download_official(mirrors=(mirror,))
    assert time.perf_counter() - start < 4


def test_a_failure_is_kept_until_a_download_is_asked_for(files, monkeypatch):
    with serve(files, send_not_found) as (mirror, asked):
        for _ in range(3):
            with pytest.raises(DownloadError, match="No mirror"):
                download_once(lambda *_: None, mirrors=(mirror,))
        assert len(asked) == 1
    with serve(files) as (mirror, _):
        download_official(mirrors=(mirror,))
    assert download._last_failure is None
    assert_same_arrays(load_dataset(), ARRAYS)


def test_threads_share_one_download(files):
    with serve(files) as (mirror, asked):
        threads = [
            threading.Thread(
                target=download_once, args=(lambda *_: None,), kwargs={"mirrors": (mirror,)}
            )
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len([line for line in asked if line.startswith("GET")]) == 4


def test_a_read_only_archive_is_left_alone(files, monkeypatch, tmp_path):
    (tmp_path / "archive").rmdir()
    (tmp_path / "read-only").write_text("a file, where no folder can be made")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(tmp_path / "read-only" / "archive"))
    with serve(files) as (mirror, _):
        download_official(mirrors=(mirror,))
    assert names_in(tmp_path / "cache" / "download") == sorted(files)
    dataset = load_dataset()
    assert_same_arrays(dataset, ARRAYS)
    assert dataset.source.kind == "download"


def test_nowhere_to_store(files, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(tmp_path / "file" / "archive"))
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "file" / "cache"))
    with serve(files) as (mirror, _), pytest.raises(DownloadError, match="can be written"):
        download_official(mirrors=(mirror,))


def test_a_person_who_leaves_stops_it_cleanly(files, tmp_path):
    def leave(doing: str, share: float) -> None:
        if share > 0:
            raise KeyboardInterrupt

    with serve(files) as (mirror, _), pytest.raises(KeyboardInterrupt):
        download_official(leave, mirrors=(mirror,))
    assert names_in(tmp_path / "archive") == []


def test_offline_means_offline(files, monkeypatch):
    monkeypatch.setenv("FMNIST_OFFLINE", "1")
    with serve(files) as (mirror, asked), pytest.raises(DownloadError, match="FMNIST_OFFLINE"):
        download_official(mirrors=(mirror,))
    assert asked == []
