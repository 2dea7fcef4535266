"""Three hundred archives, each damaged in its own way: all are read or refused, none is waited for.

They are loaded in one separate process, whose memory may never exceed 500 MB.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from fmnist.data.names import CSV_NAMES, IDX_NAMES
from fmnist.settings import PROJECT_DIR
from tests.support.archives import build_arrays, write_csvs, write_idx
from tests.support.fuzz import SEED, scale_count

pytestmark = pytest.mark.processes

N_ARCHIVES: Final = 300
MAX_SECONDS, MAX_MEGABYTES = 10.0, 500.0

Random = np.random.Generator
ARRAYS = build_arrays(40, 20)


def flip_bytes(rng: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for at in rng.integers(0, len(content), rng.integers(1, 9)):
        changed[at] = rng.integers(256)
    return bytes(changed)


def cut_off(rng: Random, content: bytes) -> bytes:
    return content[: rng.integers(0, len(content))]


def repeat_part(rng: Random, content: bytes) -> bytes:
    start, end = sorted(rng.integers(0, len(content) + 1, 2))
    times = int(rng.integers(1, 20_000_000) // max(end - start, 1)) + 1
    return content[:end] + content[start:end] * times + content[end:]


def insert_noise(rng: Random, content: bytes) -> bytes:
    at = rng.integers(0, len(content) + 1)
    return content[:at] + rng.bytes(int(rng.integers(1, 100_000))) + content[at:]


def insert_runs(rng: Random, content: bytes) -> bytes:
    """Insert many of one byte that means something in a CSV file."""
    at = rng.integers(0, len(content) + 1)
    byte = bytes([rng.choice(list(b',;\n\r" \t\x000-+e.\xff'))])
    return content[:at] + byte * int(10 ** rng.uniform(0, 7.5)) + content[at:]


def replace_all(rng: Random, content: bytes) -> bytes:
    old, new = rng.choice(list(b',\n"0123456789 '), 2)
    return content.replace(bytes([old]), bytes([new]) * int(rng.integers(0, 4)))


def append_another(rng: Random, content: bytes) -> bytes:
    return content * int(rng.integers(2, 30))


DAMAGES: Final[tuple[Callable[[Random, bytes], bytes], ...]] = (
    flip_bytes, cut_off, repeat_part, insert_noise, insert_runs, replace_all, append_another,
)  # fmt: skip


def spoil(rng: Random, content: bytes) -> bytes:
    for _ in range(rng.integers(1, 3)):
        content = DAMAGES[rng.integers(len(DAMAGES))](rng, content) or b"\0"
    return content


def make_archive(number: int, folder: Path) -> None:
    """Fill an empty folder with a complete set of which one file is spoilt, inside or outside."""
    rng = np.random.default_rng(SEED + number)
    is_csv = rng.random() < 0.6
    write_csvs(folder, ARRAYS) if is_csv else write_idx(folder, ARRAYS, packed=False)
    names = CSV_NAMES if is_csv else IDX_NAMES
    path = folder / str(rng.choice(names))
    content = path.read_bytes()
    kind = rng.integers(6)
    before, after = rng.random() < 0.7, rng.random() < 0.4
    content = spoil(rng, content) if before or not after else content
    if kind <= 1:
        path.write_bytes(content)
        return
    path.unlink()
    packed = gzip.compress(content, 1) if kind != 3 else content
    if kind == 2:
        path.with_name(f"{path.name}.gz").write_bytes(spoil(rng, packed) if after else packed)
        return
    name = f"{path.name}.gz" if kind != 3 else path.name
    target = folder / "archive.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(name, packed)
    if after:
        target.write_bytes(spoil(rng, target.read_bytes()))


def load_all(folder: Path, numbers: range) -> None:
    """Load each archive; print number, seconds of the processor, megabytes, and what was said."""
    from fmnist.data import load_dataset
    from fmnist.errors import DataError
    from tests.support.loading import measure

    for number in numbers:
        archive = folder / str(number)
        archive.mkdir()
        make_archive(number, archive)
        os.environ["FMNIST_ARCHIVE"] = str(archive)
        os.environ["FMNIST_CACHE"] = str(folder / f"cache{number}")
        start, _ = measure(reset=True)
        try:
            said = "read: " + load_dataset().source.label
        except DataError as error:
            said = f"refused: {error}"
        end, megabytes = measure()
        sys.stdout.write(f"{number}\t{end - start:.2f}\t{megabytes:.0f}\t{said!r}\n")
        sys.stdout.flush()


def test_damaged_archives_are_read_or_refused(tmp_path: Path):
    n_archives = scale_count(N_ARCHIVES)
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(tmp_path), str(n_archives)],
        env=os.environ | {"FMNIST_OFFLINE": "1", "PYTHONPATH": str(PROJECT_DIR)},
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-500:]}\n{done.stderr[-3000:]}"
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(rows) == n_archives
    assert [row for row in rows if float(row[1]) > MAX_SECONDS] == []
    assert [row for row in rows if float(row[2]) > MAX_MEGABYTES] == []
    names = (*CSV_NAMES, *IDX_NAMES, "archive.zip")
    vague = [row for row in rows if "refused" in row[3] and not any(n in row[3] for n in names)]
    assert vague == []
    slowest, largest = (max(rows, key=lambda row, at=at: float(row[at])) for at in (1, 2))
    n_read = sum("read: " in row[3] for row in rows)
    sys.stdout.write(
        f"\n{n_archives} archives: {n_read} read, {n_archives - n_read} refused; at most "
        f"{slowest[1]} s, {largest[2]} MB\n"
    )


if __name__ == "__main__":
    load_all(Path(sys.argv[1]), range(int(sys.argv[2])))
