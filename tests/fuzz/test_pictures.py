"""Bad pictures end in an image or in words, in time, and within the memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import psutil
import pytest

from fmnist import settings
from fmnist.errors import ImageError
from fmnist.images.picture_pool import PicturePool
from tests.support.fuzz import scale_count
from tests.support.fuzz_pictures import build_picture

# Seconds of the clock are measured: not beside the trainings of tests/torture.
pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("torture")]

PICTURES = 1_000
MAX_SECONDS = 6.0
MAX_MB = 600.0


class MemoryWatch(threading.Thread):
    """Measures the largest resident memory of this process' picture workers, ten times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ended = threading.Event()
        self.largest_mb = 0.0

    def run(self) -> None:
        while not self.ended.wait(0.1):
            for child in psutil.Process().children():
                try:
                    if "fmnist.images" not in child.cmdline():  # other tests' processes
                        continue
                    self.largest_mb = max(self.largest_mb, child.memory_info().rss / 1e6)
                except psutil.NoSuchProcess:
                    continue


@pytest.fixture
def pool() -> Iterator[PicturePool]:
    pool = PicturePool(2)
    pool.warm()
    yield pool
    for worker in (*pool._free, pool._spare):
        if worker is not None:
            worker.kill()


def test_bad_pictures(pool: PicturePool) -> None:
    count = scale_count(PICTURES)
    # Numbers all over the list, so that a part of them has every kind.
    numbers = range(0, PICTURES, max(1, PICTURES // count))
    faults: list[str] = []
    seconds: list[float] = []
    n_read = 0

    def read(number: int) -> None:
        nonlocal n_read
        name, data = build_picture(number)
        started = time.monotonic()
        try:
            image = pool.read(data, name).prepared.image
            if image.shape != (28, 28):
                faults.append(f"{name}: {image.shape}")
            n_read += 1
        except ImageError as error:
            text = str(error)
            if name not in text or "error in the program" in text or "Traceback" in text:
                faults.append(f"{name}: {text}")
        seconds.append(time.monotonic() - started)
        if seconds[-1] > MAX_SECONDS:
            faults.append(f"{name}: {seconds[-1]:.1f} s")

    watch = MemoryWatch()
    watch.start()
    for number in numbers:  # one after the other: no time is spent on waiting for a turn
        read(number)
    watch.ended.set()
    print(  # noqa: T201 - what `make fuzz` shows
        f"\n{len(seconds)} pictures: {n_read} read, slowest {max(seconds):.1f} s,"
        f" {sum(each > settings.PICTURE_SECONDS for each in seconds)} at the deadline,"
        f" at most {watch.largest_mb:.0f} MB a process"
    )
    assert len(seconds) == len(numbers)
    assert not faults, "\n".join(faults)
    assert 0 < watch.largest_mb < MAX_MB
