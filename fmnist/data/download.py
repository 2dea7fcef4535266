"""Downloads the official files from the public mirrors and verifies them."""

from __future__ import annotations

import queue
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from fmnist.data.dataset import Progress, ignore_progress, short_path
from fmnist.data.official import MIRRORS, OFFICIAL_FILES, OfficialFile
from fmnist.data.sources import FoundFiles, find_files
from fmnist.errors import DownloadError, is_disk_full
from fmnist.settings import archive_dir, cache_dir, is_offline

PROBE_SECONDS: Final = 4.0
"""Longest wait for the first mirror to answer; without an answer there is no download."""

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 10.0
DOWNLOAD_SECONDS: Final = 1_800.0
"""Longest time for all files from one mirror, since a mirror may send just a byte now and then:
17 KB/s."""

_CHUNK: Final = 1 << 16

_lock = threading.Lock()
_last_failure: str | None = None


def download_folder() -> Path:
    """Return the folder for the files if the archive is read-only."""
    return cache_dir() / "download"


def download_once(progress: Progress, *, mirrors: tuple[str, ...] | None = None) -> FoundFiles:
    """Download the official files unless an attempt in this process has failed; return the files.

    Concurrent callers wait for the same download.

    Raises:
        DownloadError: This attempt or an earlier one failed.
    """
    with _lock:
        found = find_files(archive_dir()) or find_files(download_folder())
        if found is None:
            if _last_failure is not None:
                raise DownloadError(_last_failure)
            found = _download_and_record(progress, mirrors)
        return found


def download_official(
    progress: Progress | None = None, *, mirrors: tuple[str, ...] | None = None
) -> None:
    """Download the four official files into the archive, also after a failed attempt.

    If the archive is read-only, the files go to ``download_folder``, which ``load_dataset`` also
    searches. They appear only when all four are complete and verified.

    Args:
        progress: Called with the file's name and the fraction of all bytes, 0 to 1.
        mirrors: Base addresses to use instead of ``MIRRORS``, in this order.

    Raises:
        DownloadError: No mirror answered, none had the right files, or they can't be stored.
    """
    if is_offline():
        raise DownloadError("Downloads are switched off by FMNIST_OFFLINE: unset it to download.")
    with _lock:
        _download_and_record(progress or ignore_progress, mirrors)


def _download_and_record(progress: Progress, mirrors: tuple[str, ...] | None) -> FoundFiles:
    global _last_failure  # noqa: PLW0603  one record a process of whether the network works
    try:
        folder = _download(progress, MIRRORS if mirrors is None else mirrors)
    except DownloadError as error:
        _last_failure = str(error)
        raise
    _last_failure = None
    found = find_files(folder)
    if found is None:
        raise DownloadError(
            f"The files disappeared from {short_path(folder)}. Download them again."
        )
    return found


def _download(progress: Progress, mirrors: tuple[str, ...]) -> Path:
    progress("Looking for a mirror of Fashion-MNIST", 0.0)
    reachable = _sort_reachable_first(mirrors)
    folder, building = _make_building_folder()
    try:
        faults = []
        for mirror in reachable:
            fault = _fetch_all(mirror, building, progress)
            if fault is None:
                for file in OFFICIAL_FILES:
                    (building / file.name).chmod(0o644)
                    (building / file.name).replace(folder / file.name)
                return folder
            faults.append(f"{mirror}: {fault}")
    except OSError as error:
        raise DownloadError(
            f"The official files can't be stored in {short_path(folder)} "
            f"({error.strerror or error}). Free 31 MB there and try again."
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    raise DownloadError(f"The official files could not be downloaded ({'; '.join(faults)}).")


def _make_building_folder() -> tuple[Path, Path]:
    """Return the folder for the files, and a new temporary folder inside it."""
    for folder in (archive_dir(), download_folder()):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return folder, Path(tempfile.mkdtemp(prefix=".downloading-", dir=folder))
        except OSError as error:
            fault = error
    remedy = "free 31 MB there" if is_disk_full(fault) else "give write permission"
    raise DownloadError(
        f"Neither {archive_dir()} nor {cache_dir()} can be written ({fault.strerror}): {remedy}, "
        "or set FMNIST_CACHE to another folder."
    )


def _fetch_all(mirror: str, folder: Path, progress: Progress) -> str | None:
    """Download the files that ``folder`` lacks from one mirror; return the fault, or None."""
    import pooch
    import requests

    pooch.get_logger().setLevel("ERROR")
    fetch = _Fetch(progress)
    for file in OFFICIAL_FILES:
        fetch.begin(file)
        try:
            pooch.retrieve(
                mirror + file.name,
                known_hash=f"md5:{file.md5}",
                fname=file.name,
                path=folder,
                downloader=fetch,
            )
        except requests.HTTPError as error:
            return f"{file.name} was refused ({error})"
        except requests.Timeout:
            return f"{file.name} stalled"
        except requests.RequestException:
            return f"the connection broke during {file.name}"
        except ValueError:  # too long, or pooch's error for a wrong hash
            return f"{file.name} is not the published file (its MD5 is not {file.md5})"
    return None


class _Fetch:
    """A pooch downloader that limits files to their published size and reports progress."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._all_bytes = sum(file.size for file in OFFICIAL_FILES)
        self._bytes_before = 0
        self._file = OFFICIAL_FILES[0]
        self._deadline = time.monotonic() + DOWNLOAD_SECONDS

    def begin(self, file: OfficialFile) -> None:
        index = OFFICIAL_FILES.index(file)
        self._file = file
        self._bytes_before = sum(earlier.size for earlier in OFFICIAL_FILES[:index])

    def __call__(self, url: str, path: str, _pooch: object) -> None:
        """Download ``url`` to ``path``.

        Raises:
            ValueError: The mirror sends more than the file's size.
            requests.RequestException: The mirror refuses, breaks off or stalls, or it takes too
            long.
        """
        import requests

        n_bytes = 0
        # Otherwise some servers decompress what is verified in compressed form.
        headers = {"Accept-Encoding": "identity"}
        timeout = (CONNECT_SECONDS, READ_SECONDS)
        with (
            requests.get(url, timeout=timeout, headers=headers, stream=True) as answer,
            Path(path).open("wb") as output,
        ):
            answer.raise_for_status()
            for chunk in answer.iter_content(_CHUNK):
                n_bytes += len(chunk)
                if n_bytes > self._file.size:
                    raise ValueError(f"more than {self._file.size} bytes")
                if time.monotonic() > self._deadline:
                    raise requests.Timeout
                output.write(chunk)
                share = (self._bytes_before + n_bytes) / self._all_bytes
                self._progress(f"Downloading {self._file.name}", share)


def _sort_reachable_first(mirrors: tuple[str, ...]) -> list[str]:
    """Return the mirrors, the first to respond at the front.

    Each is contacted in its own thread, because name lookups have no configurable timeout.
    """
    answers: queue.SimpleQueue[tuple[str, bool]] = queue.SimpleQueue()
    for mirror in mirrors:
        threading.Thread(target=_ask, args=(mirror, answers), daemon=True).start()
    deadline = time.monotonic() + PROBE_SECONDS
    for _ in mirrors:
        try:
            mirror, is_up = answers.get(timeout=max(deadline - time.monotonic(), 0.01))
        except queue.Empty:
            break
        if is_up:
            return [mirror, *(other for other in mirrors if other != mirror)]
    raise DownloadError("No mirror of the official files answered. Check the network connection.")


def _ask(mirror: str, answers: queue.SimpleQueue[tuple[str, bool]]) -> None:
    import requests

    try:
        answer = requests.head(
            mirror + OFFICIAL_FILES[1].name, timeout=CONNECT_SECONDS, allow_redirects=True
        )
        answers.put((mirror, answer.ok))
    except requests.RequestException:
        answers.put((mirror, False))
