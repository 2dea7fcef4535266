"""The cache: opened without reading the sources, whole or not at all, rebuilt when damaged."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from fmnist.data import cache, describe_dataset, load, load_dataset
from fmnist.errors import CacheError, DataError
from tests.support.archives import (
    assert_same_arrays,
    build_arrays,
    find_entry,
    write_csvs,
    write_idx,
)

ARRAYS = build_arrays()


def forbid_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the sources were read again")

    monkeypatch.setattr(load, "load_idx", refuse)
    monkeypatch.setattr(load, "load_csv", refuse)


def test_arrays_are_read_only_memory_maps(idx_archive):
    dataset = load_dataset()
    for name in ARRAYS:
        array = getattr(dataset, name)
        assert isinstance(array, np.memmap)
        assert array.dtype == np.uint8
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_a_second_start_reads_no_source(idx_archive, monkeypatch):
    first = load_dataset()
    forbid_parsing(monkeypatch)
    monkeypatch.setattr(load, "_hash_file", lambda path: pytest.fail(f"{path} was hashed"))
    second = load_dataset()
    assert_same_arrays(second, ARRAYS)
    assert second.source == first.source
    assert second.fingerprints == first.fingerprints


def test_a_copy_elsewhere_is_known_by_its_content(idx_archive, monkeypatch, tmp_path):
    load_dataset()
    forbid_parsing(monkeypatch)
    moved = idx_archive.rename(tmp_path / "moved")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(moved))
    assert_same_arrays(load_dataset(), ARRAYS)


def test_a_changed_file_is_read_again(idx_archive):
    first = load_dataset()
    other = build_arrays(seed=1)
    write_idx(idx_archive, other)
    second = load_dataset()
    assert_same_arrays(second, other)
    assert_same_arrays(first, ARRAYS)
    assert second.fingerprints["train"] != first.fingerprints["train"]


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError("47040000 requested and 1048448 written"),  # NumPy's own, without a number
    ],
)
def test_a_full_disk_is_reported(idx_archive, monkeypatch, tmp_path, error):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(np, "save", fail)
    with pytest.raises(CacheError, match=r"is full: free .* MB .*FMNIST_CACHE.*files are fine"):
        load_dataset()
    assert list((tmp_path / "cache" / "arrays").iterdir()) == []


def test_a_cache_folder_that_cannot_be_written(idx_archive, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "file"))
    with pytest.raises(CacheError, match=r"file can't be written .*FMNIST_CACHE"):
        load_dataset()


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may write everywhere")
def test_a_read_only_cache_folder(idx_archive, tmp_path):
    (tmp_path / "cache").mkdir(mode=0o500)
    with pytest.raises(CacheError, match=r"can't be written \(Permission denied\)"):
        load_dataset()


def test_a_filled_cache_may_be_read_only(idx_archive, monkeypatch, tmp_path):
    load_dataset()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(cache.tempfile, "mkstemp", refuse)
    monkeypatch.setattr(cache.tempfile, "mkdtemp", refuse)
    for path in (tmp_path / "cache" / "links").iterdir():
        path.unlink()
    assert_same_arrays(load_dataset(), ARRAYS)


def test_a_file_that_changes_while_it_is_read(idx_archive, monkeypatch, tmp_path):
    read = load.load_idx

    def read_and_touch(*arguments: object):
        arrays = read(*arguments)
        path = idx_archive / "t10k-labels-idx1-ubyte.gz"
        os.utime(path, ns=(1, 1))
        return arrays

    monkeypatch.setattr(load, "load_idx", read_and_touch)
    with pytest.raises(DataError, match="changed while it was read"):
        load_dataset()
    assert not (tmp_path / "cache" / "arrays").exists()


def test_threads_that_build_at_once(idx_archive, tmp_path):
    results, errors = [], []

    def open_it() -> None:
        try:
            results.append(load_dataset())
        except Exception as error:  # noqa: BLE001  shown by the assertion below
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for dataset in results:
        assert_same_arrays(dataset, ARRAYS)
    find_entry(tmp_path)


def test_processes_that_build_at_once(idx_archive, tmp_path):
    write_csvs(idx_archive, ARRAYS)
    code = "from fmnist.data import load_dataset as l; print(l().fingerprints['train'])"
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = {process.communicate()[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0]
    assert outputs == {load_dataset().fingerprints["train"] + "\n"}
    find_entry(tmp_path)


def test_importing_the_room_is_light():
    heavy = {"pandas", "polars", "pyarrow", "pooch", "requests", "PIL", "tensorflow", "streamlit"}
    code = f"import sys, fmnist.data; print(sorted({heavy} & set(sys.modules)))"
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout.strip() == "[]"


def test_a_warm_start_stays_light(idx_archive):
    load_dataset()
    heavy = {"pandas", "polars", "pyarrow", "pooch", "requests", "PIL"}
    code = (
        "import sys; from fmnist.data import load_dataset; load_dataset(); "
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert output.stdout.strip() == "[]"


def test_description(idx_archive):
    dataset = load_dataset()
    description = json.loads(json.dumps(describe_dataset(dataset)))
    assert description["kind"] == "idx"
    assert description["folder"] == str(idx_archive)
    assert description["totals"] == {"train": 12, "test": 5}
    assert sum(description["counts"]["train"].values()) == 12
    assert description["files"][0]["rows"] == 12
    assert len(description["files"][0]["md5"]) == 32
    assert description["fingerprints"] == dataset.fingerprints


def test_split_names(idx_archive):
    dataset = load_dataset()
    assert dataset.split("test")[0] is dataset.x_test
    with pytest.raises(ValueError, match="'val'"):
        dataset.split("val")  # type: ignore[arg-type]
