"""Archives that unpack to, or ask for, far more than Fashion-MNIST, made in a moment."""

from __future__ import annotations

import gzip
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from fmnist.data.csv_layout import COLUMN_NAMES
from fmnist.data.names import CSV_NAMES, IDX_NAMES
from tests.support.archives import build_arrays, write_csvs, write_idx

ARRAYS = build_arrays()
TRAIN, TEST = CSV_NAMES
IMAGES, LABELS, TEST_IMAGES, _ = IDX_NAMES
MEGABYTE: Final = 1 << 20

HEADER = (",".join(COLUMN_NAMES) + "\n").encode()
ROW = ("9" + ",0" * 784 + "\n").encode()


def idx_header(count: int, *dims: int) -> bytes:
    return struct.pack(f">{2 + len(dims)}I", 0x0801 + len(dims), count, *dims)


def deflate_repeated(start: bytes, block: bytes, times: int) -> bytes:
    """Return ``start`` and ``times`` blocks as a raw deflate stream, made in a moment.

    After a full flush nothing refers to what came before: the packed block is simply repeated.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed_start = packer.compress(start) + packer.flush(zlib.Z_FULL_FLUSH)
    packed_block = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return packed_start + packed_block * times + packer.flush()


def gzip_repeated(start: bytes, block: bytes, times: int) -> bytes:
    """Return the same as a gzip file; its checksum is wrong, and comes last."""
    header = b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff"
    return header + deflate_repeated(start, block, times) + bytes(8)


def zip_repeated(path: Path, member: str, start: bytes, block: bytes, times: int) -> None:
    """Write the same as the one member of a zip; its checksum is wrong, too."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, deflate_repeated(start, block, times))
    content = bytearray(path.read_bytes())
    directory = content.rindex(b"PK\1\2")
    for at in (8, directory + 10):
        struct.pack_into("<H", content, at, zipfile.ZIP_DEFLATED)
    size = min(len(start) + times * len(block), 0xFFFF_FFFE)
    struct.pack_into("<L", content, directory + 24, size)
    path.write_bytes(content)


def _idx_gz_of_zeros(folder: Path) -> None:
    write_idx(folder, ARRAYS)
    header = idx_header(12, 28, 28)
    (folder / f"{IMAGES}.gz").write_bytes(gzip_repeated(header, bytes(MEGABYTE), 8192))


def _idx_gz_that_promises_all(folder: Path) -> None:
    write_idx(folder, ARRAYS)
    header = idx_header(2**32 - 1, 28, 28)
    (folder / f"{IMAGES}.gz").write_bytes(gzip_repeated(header, bytes(MEGABYTE), 4096))


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


def _labels_gz_of_zeros(folder: Path) -> None:
    write_idx(folder, ARRAYS)
    (folder / f"{LABELS}.gz").write_bytes(gzip_repeated(idx_header(12), bytes(MEGABYTE), 8192))


def _gz_of_empty_members(folder: Path) -> None:
    write_idx(folder, ARRAYS)
    (folder / f"{IMAGES}.gz").write_bytes(gzip.compress(b"") * 2_000_000)


def _gz_of_one_byte_members(folder: Path) -> None:
    write_idx(folder, ARRAYS)
    start = gzip.compress(idx_header(100_000, 28, 28))
    (folder / f"{IMAGES}.gz").write_bytes(start + gzip.compress(b"\0") * 2_000_000)


def _gz_with_an_endless_name(folder: Path) -> None:
    write_idx(folder, ARRAYS)
    start = b"\x1f\x8b\x08\x08" + bytes(6)
    (folder / f"{IMAGES}.gz").write_bytes(start + b"a" * (100 * MEGABYTE))


def _csv_of_commas(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).write_bytes(b"," * 30_000_000)


def _csv_row_of_commas(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).write_bytes(HEADER + b"," * 30_000_000 + b"\n")


def _csv_million_columns(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    header = ",".join(["label", *(f"pixel{number}" for number in range(1, 1_000_000))])
    (folder / TRAIN).write_text(header + "\n" + "1," * 999_999 + "1\n")


def _csv_zip_without_newline(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
    zip_repeated(folder / "a.zip", TRAIN, b"", b"1," * (MEGABYTE // 2), 2048)


def _csv_gz_without_newline(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
    (folder / f"{TRAIN}.gz").write_bytes(gzip_repeated(HEADER, b"1," * (MEGABYTE // 2), 2048))


def _csv_gz_of_newlines(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
    start = HEADER + ROW
    (folder / f"{TRAIN}.gz").write_bytes(gzip_repeated(start, b"\n" * MEGABYTE, 2048))


def _csv_gz_of_carriage_returns(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
    start = HEADER + ROW
    (folder / f"{TRAIN}.gz").write_bytes(gzip_repeated(start, b"\r" * MEGABYTE, 2048))


def _csv_gz_of_rows(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
    (folder / f"{TRAIN}.gz").write_bytes(gzip_repeated(HEADER, ROW * 1000, 3000))


def _csv_gz_of_rows_read_slowly(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
    row = ("9" + ",+7\t" * 784 + "\n").encode()
    (folder / f"{TRAIN}.gz").write_bytes(gzip_repeated(HEADER, row * 1000, 200))


def _csv_gz_of_short_rows(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
    start = HEADER + ROW * 1100
    (folder / f"{TRAIN}.gz").write_bytes(gzip_repeated(start, b"1\n" * (MEGABYTE // 2), 1024))


def _csv_gz_of_an_open_quote(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
    block = b'9,"' + b"1,2\n" * (MEGABYTE // 4)
    (folder / f"{TRAIN}.gz").write_bytes(gzip_repeated(HEADER + ROW, block, 1024))


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
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
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
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
    os.mkfifo(folder / TRAIN)


def _device(folder: Path) -> None:
    write_csvs(folder, ARRAYS)
    (folder / TRAIN).unlink()
    (folder / TRAIN).symlink_to("/dev/zero")


def _pipe_as_zip(folder: Path) -> None:
    os.mkfifo(folder / "archive.zip")


Make = Callable[[Path], None]

BOMBS: Final[dict[str, tuple[Make, str]]] = {
    "idx.gz of 8 GB of zeros": (_idx_gz_of_zeros, rf"{IMAGES}\.gz is too long"),
    "idx.gz that promises 4 billion": (_idx_gz_that_promises_all, r"promises 4,294,967,295 items"),
    "idx in a zip, 4 GB": (_idx_in_zip, rf"{IMAGES}\) is too long"),
    "idx.gz in a zip, 8 GB": (_gz_in_zip, rf"{IMAGES}\.gz\) is too long"),
    "labels.gz of 8 GB": (_labels_gz_of_zeros, rf"{LABELS}\.gz is too long"),
    "gz of empty members": (
        _gz_of_empty_members,
        r"\.gz is damaged",
    ),
    "gz of members of one byte": (
        _gz_of_one_byte_members,
        r"\.gz is damaged",
    ),
    "gz with an endless name": (
        _gz_with_an_endless_name,
        r"\.gz is damaged",
    ),
    "csv of commas": (_csv_of_commas, r"line 1 is longer than 32,768 characters"),
    "csv with a row of commas": (_csv_row_of_commas, r"line 2 is longer than 32,768 characters"),
    "csv of a million columns": (_csv_million_columns, r"line 1 is longer than 32,768"),
    "csv in a zip without a newline": (_csv_zip_without_newline, r"line 1 is longer than 32,768"),
    "csv.gz without a newline": (_csv_gz_without_newline, r"line 2 is longer than 32,768"),
    "csv.gz of newlines": (_csv_gz_of_newlines, r"\.gz unpacks to more than 400 MB"),
    "csv.gz of carriage returns": (_csv_gz_of_carriage_returns, r"line 3 is longer than 32,768"),
    "csv.gz of three million rows": (_csv_gz_of_rows, r"has more than 100,000 images"),
    "csv.gz of rows read slowly": (_csv_gz_of_rows_read_slowly, r"more than 5,000 rows"),
    "csv.gz of short rows": (_csv_gz_of_short_rows, r"line 1,102 has 1 columns, not 785"),
    "csv.gz of an open quote": (_csv_gz_of_an_open_quote, r"line 3 can't be read as CSV"),
    "csv of 50 GB, sparse": (_csv_of_nul_bytes, r"has 53,687 MB"),
    "zip of a million members": (
        _zip_of_a_million_members,
        r"list of members takes 57 MB",
    ),
    "zip of long names": (_zip_of_long_names, r"list of members takes 26 MB"),
    "csv by bzip2 in a zip": (_bzip2_in_zip, r"a\.zip .*another method than deflate"),
    "6,000 folders": (_many_folders, rf"has .*{TRAIN}"),
    "30,000 files": (_many_files, r"hold more than 10,000 files"),
    "folders that hold themselves": (_deep_folders, r"has no complete data set"),
    "a pipe": (_pipe, rf"{TRAIN} is not used: it is not a regular file"),
    "a device": (_device, rf"{TRAIN} is not used: it is not a regular file"),
    "a pipe named as zip": (_pipe_as_zip, r"archive\.zip is not used: it is not a regular file"),
}
"""Function that fills an empty folder, and a pattern in what the program then says of it."""
