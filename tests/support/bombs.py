"""Archives that unpack to, or ask for, far more than Fashion-MNIST, made in a moment."""

from __future__ import annotations

import gzip
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from fmnist.data.csv_layout import COLUMN_NAMES
from fmnist.data.names import CSV_NAMES, IDX_NAMES
from tests.support.archives import build_arrays, write_csvs, write_idx
from tests.support.repeated import gzip_repeated, zip_repeated

ARRAYS = build_arrays()
TRAIN, TEST = CSV_NAMES
IMAGES, LABELS, TEST_IMAGES, _ = IDX_NAMES
MEGABYTE: Final = 1 << 20

HEADER = (",".join(COLUMN_NAMES) + "\n").encode()
ROW = ("9" + ",0" * 784 + "\n").encode()
SLOW_ROW = ("9" + ",+7\t" * 784 + "\n").encode()
PAIRS = b"1," * (MEGABYTE // 2)
SHORT_ROWS = b"1\n" * (MEGABYTE // 2)
OPEN_QUOTE = b'9,"' + b"1,2\n" * (MEGABYTE // 4)

Make = Callable[[Path], None]


def idx_header(count: int, *dims: int) -> bytes:
    """Return the start of an IDX file of bytes that promises this many items."""
    return struct.pack(f">{2 + len(dims)}I", 0x0801 + len(dims), count, *dims)


def _idx_gz(name: str, content: Callable[[], bytes]) -> Make:
    """Return what writes the IDX files, one of them with another gzip file as its content."""

    def make(folder: Path) -> None:
        write_idx(folder, ARRAYS)
        (folder / f"{name}.gz").write_bytes(content())

    return make


def _idx_gz_of_zeros(name: str, header: bytes, megabytes: int) -> Make:
    return _idx_gz(name, lambda: gzip_repeated(header, bytes(MEGABYTE), megabytes))


def _csv_of_commas(start: bytes) -> Make:
    """Return what writes the CSV files, that for training with 30 MB of commas behind a start."""

    def make(folder: Path) -> None:
        write_csvs(folder, ARRAYS)
        (folder / TRAIN).write_bytes(start + b"," * 30_000_000)

    return make


def _csv_gz(start: bytes, block: bytes, times: int) -> Make:
    """Return what writes the CSV files, that for training packed and with blocks repeated."""

    def make(folder: Path) -> None:
        _write_test_csv(folder)
        (folder / f"{TRAIN}.gz").write_bytes(gzip_repeated(start, block, times))

    return make


def _write_test_csv(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()


def _idx_in_zip(folder: Path) -> None:
    write_idx(folder, ARRAYS)
    (folder / f"{IMAGES}.gz").unlink()
    header = idx_header(12, 28, 28)
    zip_repeated(folder / "images.zip", IMAGES, header, bytes(MEGABYTE), 4096)


def _gz_in_zip(folder: Path) -> None:
    write_idx(folder, ARRAYS)
    (folder / f"{IMAGES}.gz").unlink()
    inner = gzip_repeated(idx_header(12, 28, 28), bytes(MEGABYTE), 8192)
    zip_repeated(folder / "images.zip", f"{IMAGES}.gz", inner, b"", 0)


def _build_one_byte_members() -> bytes:
    return gzip.compress(idx_header(100_000, 28, 28)) + gzip.compress(b"\0") * 2_000_000


def _build_endless_name() -> bytes:
    return b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * (100 * MEGABYTE)


def _csv_zip_without_newline(folder: Path) -> None:
    _write_test_csv(folder)
    zip_repeated(folder / "a.zip", TRAIN, b"", PAIRS, 2048)


def _csv_million_columns(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    header = ",".join(["label", *(f"pixel{number}" for number in range(1, 1_000_000))])
    (folder / TRAIN).write_text(header + "\n" + "1," * 999_999 + "1\n")


def _csv_of_nul_bytes(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    with (folder / TRAIN).open("wb") as file:
        file.truncate(50 << 30)


def _zip_of_a_million_members(folder: Path) -> None:
    n_members = 1_000_000
    entries = bytearray()
    fields = "<4s4B4HL2L5H2L"
    for number in range(n_members):
        name = f"{number:07}.csv".encode()
        entries += struct.pack(
            fields, b"PK\1\2", 20, 0, 20, 0, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0
        )
        entries += name
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(entries), 0, 0)
    (folder / "a.zip").write_bytes(bytes(entries) + end)


def _zip_of_long_names(folder: Path) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for number in range(500):
            name = f"fashion-mnist_train{' copy (1)' * 3000}{'copy of ' * 3000}{number}.csv"
            archive.writestr(name, b"")


def _bzip2_in_zip(folder: Path) -> None:
    _write_test_csv(folder)
    with (
        zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_BZIP2) as archive,
        archive.open(TRAIN, "w", force_zip64=True) as file,
    ):
        for _ in range(16):
            file.write(b"," * MEGABYTE)


def _many_folders(folder: Path) -> None:
    for number in range(6_000):
        (folder / f"{number:05}").mkdir()
        (folder / f"{number:05}" / TRAIN).touch()


def _many_files(folder: Path) -> None:
    for number in range(30_000):
        (folder / f"fashion-mnist_train ({number}).csv").touch()


def _deep_folders(folder: Path) -> None:
    for number in range(8):
        (folder / f"again{number}").symlink_to(folder, target_is_directory=True)


def _pipe(folder: Path) -> None:
    _write_test_csv(folder)
    os.mkfifo(folder / TRAIN)


def _device(folder: Path) -> None:
    _write_test_csv(folder)
    (folder / TRAIN).symlink_to("/dev/zero")


def _pipe_as_zip(folder: Path) -> None:
    os.mkfifo(folder / "archive.zip")


BOMBS: Final[dict[str, tuple[Make, str]]] = {
    "idx.gz of 8 GB of zeros": (
        _idx_gz_of_zeros(IMAGES, idx_header(12, 28, 28), 8192),
        rf"{IMAGES}\.gz is too long",
    ),
    "idx.gz that promises 4 billion": (
        _idx_gz_of_zeros(IMAGES, idx_header(2**32 - 1, 28, 28), 4096),
        r"promises 4,294,967,295 items",
    ),
    "idx in a zip, 4 GB": (_idx_in_zip, rf"{IMAGES}\) is too long"),
    "idx.gz in a zip, 8 GB": (_gz_in_zip, rf"{IMAGES}\.gz\) is too long"),
    "labels.gz of 8 GB": (
        _idx_gz_of_zeros(LABELS, idx_header(12), 8192),
        rf"{LABELS}\.gz is too long",
    ),
    "gz of empty members": (
        _idx_gz(IMAGES, lambda: gzip.compress(b"") * 2_000_000),
        r"\.gz is damaged",
    ),
    "gz of members of one byte": (_idx_gz(IMAGES, _build_one_byte_members), r"\.gz is damaged"),
    "gz with an endless name": (_idx_gz(IMAGES, _build_endless_name), r"\.gz is damaged"),
    "csv of commas": (_csv_of_commas(b""), r"line 1 is longer than 32,768 characters"),
    "csv with a row of commas": (
        _csv_of_commas(HEADER),
        r"line 2 is longer than 32,768 characters",
    ),
    "csv of a million columns": (_csv_million_columns, r"line 1 is longer than 32,768"),
    "csv in a zip without a newline": (_csv_zip_without_newline, r"line 1 is longer than 32,768"),
    "csv.gz without a newline": (_csv_gz(HEADER, PAIRS, 2048), r"line 2 is longer than 32,768"),
    "csv.gz of newlines": (
        _csv_gz(HEADER + ROW, b"\n" * MEGABYTE, 2048),
        r"\.gz unpacks to more than 400 MB",
    ),
    "csv.gz of carriage returns": (
        _csv_gz(HEADER + ROW, b"\r" * MEGABYTE, 2048),
        r"line 3 is longer than 32,768",
    ),
    "csv.gz of three million rows": (
        _csv_gz(HEADER, ROW * 1000, 3000),
        r"has more than 100,000 images",
    ),
    "csv.gz of rows read slowly": (
        _csv_gz(HEADER, SLOW_ROW * 1000, 200),
        r"more than 5,000 rows",
    ),
    "csv.gz of short rows": (
        _csv_gz(HEADER + ROW * 1100, SHORT_ROWS, 1024),
        r"line 1,102 has 1 columns, not 785",
    ),
    "csv.gz of an open quote": (
        _csv_gz(HEADER + ROW, OPEN_QUOTE, 1024),
        r"line 3 can't be read as CSV",
    ),
    "csv of 50 GB, sparse": (_csv_of_nul_bytes, r"has 53,687 MB"),
    "zip of a million members": (
        _zip_of_a_million_members,
        r"list of members takes 57 MB",
    ),
    "zip of long names": (_zip_of_long_names, r"list of members takes 26 MB"),
    "csv by bzip2 in a zip": (_bzip2_in_zip, r"a\.zip .*a method other than deflate"),
    "6,000 folders": (_many_folders, rf"has .*{TRAIN}"),
    "30,000 files": (_many_files, r"hold more than 10,000 files"),
    "folders that hold themselves": (_deep_folders, r"has no complete data set"),
    "a pipe": (_pipe, rf"{TRAIN} is not used: it is not a regular file"),
    "a device": (_device, rf"{TRAIN} is not used: it is not a regular file"),
    "a pipe named as zip": (_pipe_as_zip, r"archive\.zip is not used: it is not a regular file"),
}
"""Function that fills an empty folder, and a pattern in what the program then says of it."""
