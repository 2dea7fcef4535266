"""Untrusted pictures are read in processes with limits on time and memory."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from fmnist import settings
from fmnist.errors import ImageError
from fmnist.images import Overrides
from fmnist.images.decode import decode_picture
from fmnist.images.examples import draw_examples
from fmnist.images.picture_pool import PicturePool
from fmnist.images.pipeline import prepare_picture
from tests.support.hard_pictures import build_many_scans, build_stripes
from tests.support.imports import imports_of
from tests.support.uploads import build_drawing, png

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def pool() -> Iterator[PicturePool]:
    pool = PicturePool(2)
    pool.warm()
    yield pool
    end(pool)


def end(pool: PicturePool) -> None:
    for worker in (*pool._free, pool._spare):
        if worker is not None:
            worker.kill()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow a picture more time: these tests measure memory, on a machine that may be busy."""
    monkeypatch.setattr(settings, "PICTURE_SECONDS", 60.0)


def test_a_picture_is_read_as_in_this_process(pool: PicturePool) -> None:
    data = png(build_drawing())
    read = pool.read(data, "drawing.png")
    picture = decode_picture(data, "drawing.png")
    prepared = prepare_picture(picture)
    np.testing.assert_array_equal(read.picture, picture)
    np.testing.assert_array_equal(read.prepared.image, prepared.image)
    assert [step.id for step in read.prepared.steps] == [step.id for step in prepared.steps]
    assert read.reduced is None  # the file is smaller than its pixels' PNG would be


@pytest.mark.parametrize("alpha", [0, 255])
def test_a_large_file_is_reduced_without_loss(pool: PicturePool, alpha: int) -> None:
    rgba = np.random.default_rng(0).integers(0, 256, (900, 600, 4), dtype=np.uint8)
    rgba[..., 3] |= alpha
    data = png(rgba)
    read = pool.read(data, "noise.png")
    assert read.reduced is not None
    assert len(read.reduced) < len(data)
    np.testing.assert_array_equal(decode_picture(read.reduced, "reduced.png"), read.picture)


def test_a_file_that_is_no_larger_than_its_pixels_is_kept(pool: PicturePool) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (600, 400, 3), dtype=np.uint8)
    data = png(rgb)
    assert len(data) > 600 * 400 * 2
    assert pool.read(data, "noise.png").reduced is None


def test_pixels_are_segmented_with_overrides(pool: PicturePool) -> None:
    picture = decode_picture(png(build_drawing()), "drawing.png")
    overrides = Overrides(crop=False, tones=False)
    read = pool.read(picture, "drawing.png", "photo", overrides)
    expected = prepare_picture(picture, "photo", overrides)
    np.testing.assert_array_equal(read.prepared.image, expected.image)
    assert read.reduced is None


def test_errors_name_the_file(pool: PicturePool) -> None:
    with pytest.raises(ImageError, match=r"letter\.txt is not a supported picture"):
        pool.read(b"a letter", "letter.txt")


def test_a_jpeg_of_many_scans_is_refused_before_it_is_decoded(pool: PicturePool) -> None:
    data = build_many_scans(2_000)
    with pytest.raises(ImageError) as caught:
        pool.read(data, "scans.jpg")
    message = "scans.jpg is a progressive JPEG of 2,000 scans, and the limit is 100"
    assert message in str(caught.value)
    assert "save it again as a plain JPEG" in str(caught.value)


@pytest.mark.slow
def test_a_slow_picture_ends_at_its_deadline_and_delays_no_other(pool: PicturePool) -> None:
    data = png(build_drawing())
    pool.read(data, "drawing.png")
    next_one = pool._free[-1]
    assert next_one is not None
    psutil.Process(next_one.pid).suspend()  # it will never answer
    slow: list[str] = []

    def read_slow() -> None:
        with pytest.raises(ImageError) as caught:
            pool.read(build_stripes(), "stripes.png")
        slow.append(str(caught.value))

    thread = threading.Thread(target=read_slow)
    thread.start()
    while len(pool._free) > 1:
        time.sleep(0.001)
    assert pool.read(data, "drawing.png").prepared.image.any()
    assert not slow
    thread.join(60)
    assert not thread.is_alive()
    assert "stripes.png takes more than 5 seconds to read" in slow[0]
    assert "crop it to the garment" in slow[0]
    # Both workers answer again.
    threads = [threading.Thread(target=pool.read, args=(data, "again.png")) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
        assert not each.is_alive()
    assert next_one not in pool._free


def save_tiff(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "TIFF", compression="tiff_adobe_deflate")
    return file.getvalue()


def test_the_largest_deep_picture_is_read_within_the_memory(
    pool: PicturePool, patient: None
) -> None:
    """Scaled as a whole in 64-bit floats, these forty-nine megapixels took 1.7 GB."""
    read = pool.read(save_tiff(Image.new("F", (7_000, 7_000), 0.5)), "deep.tif")
    assert read.picture.shape == (640, 640, 4)
    assert (read.picture[..., 0] == 128).all()


def test_a_picture_that_needs_too_much_memory_is_refused_in_words(patient: None) -> None:
    pool = PicturePool(1)
    data = save_tiff(Image.new("RGB", (7_000, 7_000), (9, 99, 9)))
    small = png(build_drawing())
    assert pool.read(small, "small.png").prepared.image.any()
    (worker,) = pool._free
    assert worker is not None
    process = psutil.Process(worker.pid)
    limit, hard = process.rlimit(psutil.RLIMIT_DATA)
    assert limit < process.memory_info().data + settings.PICTURE_MEMORY_MB * 1e6
    process.rlimit(psutil.RLIMIT_DATA, (limit - 300_000_000, hard))
    with pytest.raises(ImageError) as caught:
        pool.read(data, "large.tif")
    assert "large.tif needs more than 512 MB of memory" in str(caught.value)
    assert "save it as PNG with at most 2,560 pixels per side" in str(caught.value)
    (replaced,) = pool._free
    assert replaced is not None
    assert replaced.pid != worker.pid
    assert pool.read(small, "small.png").prepared.image.any()
    end(pool)


@pytest.fixture
def one(patient: None) -> Iterator[PicturePool]:
    del patient
    pool = PicturePool(1)
    yield pool
    end(pool)


def find_worker(pool: PicturePool) -> psutil.Process:
    (worker,) = pool._free
    assert worker is not None
    return psutil.Process(worker.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="page faults are counted in /proc")
def test_the_memory_of_a_usual_picture_is_used_again(one: PicturePool) -> None:
    rgb = draw_examples()[0].picture[..., :3]
    data = png(np.asarray(Image.fromarray(rgb).resize((600, 800))))

    def count_faults() -> int:
        stat = Path(f"/proc/{find_worker(one).pid}/stat").read_text()
        return int(stat.rpartition(")")[2].split()[7])

    for _ in range(4):
        one.read(data, "photo.png")
    before = count_faults()
    for _ in range(4):
        one.read(data, "photo.png")
    assert (count_faults() - before) / 4 < 2_000  # 4,096 bytes each; the pixels alone fill 300


def test_the_memory_of_a_large_picture_is_given_back(one: PicturePool) -> None:
    small = png(build_drawing())
    one.read(small, "small.png")
    before = find_worker(one).memory_info().rss
    assert one.read(save_tiff(Image.new("RGB", (7_000, 7_000), (9, 99, 9))), "large.tif")
    one.read(small, "small.png")
    assert find_worker(one).memory_info().rss < before + 60e6


def test_a_killed_worker_is_replaced_and_the_picture_read() -> None:
    pool = PicturePool(1)
    data = png(build_drawing())
    pool.read(data, "drawing.png")
    (worker,) = pool._free
    assert worker is not None
    psutil.Process(worker.pid).kill()
    assert pool.read(data, "drawing.png").prepared.image.any()
    (replaced,) = pool._free
    assert replaced is not None
    end(pool)


def test_pictures_wait_in_the_order_in_which_they_came() -> None:
    pool = PicturePool(1)
    held = pool._take()
    order: list[int] = []

    def wait(number: int) -> None:
        worker = pool._take()
        order.append(number)
        pool._give_back(worker)

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(5)]
    for number, thread in enumerate(threads):
        thread.start()
        while len(pool._turns) <= number:
            time.sleep(0.001)
    pool._give_back(held)
    for thread in threads:
        thread.join(30)
    assert order == [0, 1, 2, 3, 4]


def test_worker_imports_what_pictures_need_alone() -> None:
    assert imports_of(["fmnist.images.worker"], "streamlit,pandas,tensorflow,keras,sklearn") == ""


def test_a_warm_worker_reads_its_first_photo_as_fast_as_any_other() -> None:
    program = (
        "import time\n"
        "from fmnist.images import Overrides, worker\n"
        "from fmnist.images.encode import encode_png\n"
        "from fmnist.images.examples import draw_examples\n"
        "worker.warm()\n"
        "photo = encode_png(draw_examples()[0].picture[..., :3])\n"
        "for _ in range(4):\n"
        "    start = time.process_time()\n"
        "    worker.read(photo, '', 'photo', Overrides())\n"
        "    print(time.process_time() - start)\n"
    )
    command = [sys.executable, "-c", program]
    printed = subprocess.run(
        command, cwd=settings.PROJECT_DIR, check=True, capture_output=True, text=True
    )
    first, *others = map(float, printed.stdout.split())
    assert first < 2 * max(others)
