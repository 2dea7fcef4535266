"""Measures the app in Chromium: startup, page changes, and the memory of the web process.

A start is from the spawn of the server's process to an Overview that can be used: its heading
and its table of models are there. The first start of all, which parses the data set, is not
counted. A change of page is from the click in the sidebar to the new heading with the server at
rest, every page having been opened once before. A stroke is from lifting the pen on the Predict
page to bars that have changed. An upload is from the choice of a hundred photos to the table of
their answers: phone photos from ``FMNIST_PICTURES`` where that is set (``pictures.py``), else the
program's examples, as JPEG files of twelve megapixels. Memory is the resident size after
all pages, and once more with those photos at hand.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from fmnist.images.examples import draw_examples
from fmnist.settings import PROJECT_DIR
from tests.support.browser import NAVIGATION, Tab, launch_chromium
from tests.support.server import (
    Folders,
    LabServer,
    copy_models,
    find_real_archive,
    is_tensorflow_mapped,
    measure_memory,
    train_tiny_run,
)

TARGETS = {
    "start_s": 4.0,
    "page_s": 0.5,
    "stroke_p95_s": 0.2,
    "upload_s": 3.9,
    "memory_mb": 400.0,
    "tensorflow_mapped": 0.0,
}
"""Upper limits of what is measured."""

_IS_DRAWN = """before => {
    const title = document.querySelector('h1')?.innerText;
    const app = document.querySelector('[data-testid=stApp]');
    return title && title !== before && app.dataset.testScriptState === 'notRunning';
}"""

_IS_USABLE = """() => document.querySelector('h1')?.innerText
    && document.querySelector('[data-testid=stDataFrame] canvas')"""

_READ_BARS = "() => document.querySelector('.st-key-predict_bars')?.textContent ?? ''"

_WATCH_PEN = "() => addEventListener('mouseup', () => { window.lifted = performance.now(); }, true)"

_HAVE_BARS_CHANGED = """before => {
    const now = document.querySelector('.st-key-predict_bars')?.textContent;
    return now && now !== before && performance.now() - window.lifted;
}"""

_IS_ANSWERED = """() => document.querySelector('[data-testid=stDataFrame] canvas')
    && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"""

STROKES = 40
STROKES_A_DRAWING = 10
UPLOADS = 100

LINKS = [link for links in NAVIGATION.values() for link in links]


def measure(starts: int = 3, rounds: int = 3) -> list[dict[str, Any]]:
    """Return one row per figure: what, median, min, max, n, target, whether it holds.

    Args:
        starts: starts of the server.
        rounds: visits of each page by the sidebar.
    """
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folders = _build_folders(Path(folder))
        server = LabServer(folders, Path(folder) / "server.log")
        browser = launch_chromium(playwright.chromium)
        try:
            _time_start(server, browser)
            start_seconds = []
            for _ in range(starts):
                server.stop()
                start_seconds.append(_time_start(server, browser))
            page_seconds = _time_pages(server, browser, rounds)
            stroke_seconds = _time_strokes(server, browser)
            memory = measure_memory(server.pid)
            upload_seconds = _time_uploads(server, browser, Path(folder) / "photos")
            full_memory = measure_memory(server.pid)
            mapped = float(is_tensorflow_mapped(server.pid))
        finally:
            server.stop()
            browser.close()
    every_page = [seconds for values in page_seconds.values() for seconds in values]
    rows = [("start_s", start_seconds), ("page_s", every_page)]
    rows += [(f"page_s: {link}", values) for link, values in page_seconds.items()]
    rows += [("stroke_s", stroke_seconds)]
    rows += [("stroke_p95_s", [statistics.quantiles(stroke_seconds, n=20)[-1]])]
    rows += [("upload_s", [upload_seconds])]
    rows += [("memory_mb after uploads", [full_memory])]
    rows += [("memory_mb", [memory]), ("tensorflow_mapped", [mapped])]
    return [_summarise(what, values) for what, values in rows]


def _build_folders(base: Path) -> Folders:
    """Use the real data set if present, otherwise the demo set, and at least one finished run."""
    archive = find_real_archive()
    folders = Folders(archive or base / "archive", base / "cache", base / "models")
    folders.models.mkdir()
    copy_models(PROJECT_DIR / "models", folders.models)
    if not any(folders.models.iterdir()):
        demo = Folders(base / "no-archive", base / "demo-cache", folders.models)
        train_tiny_run(demo)
    return folders


def _time_start(server: LabServer, browser: Browser) -> float:
    tab = Tab(browser, server.url)
    start = time.perf_counter()
    server.start()
    tab.page.goto(server.url, wait_until="commit")
    tab.page.wait_for_function(_IS_USABLE, polling="raf")
    seconds = time.perf_counter() - start
    tab.check()
    tab.close()
    return seconds


def _time_pages(server: LabServer, browser: Browser, rounds: int) -> dict[str, list[float]]:
    tab = Tab(browser, server.url)
    tab.open("samples?item=1")  # its nearest neighbours read all training images
    tab.page.locator(".st-key-neighbours").wait_for()
    for link in LINKS:
        tab.go_to(link)
        if link == "Map":  # whose features are computed once, in another process
            tab.page.locator(".st-key-map .js-plotly-plot").first.wait_for()
    seconds: dict[str, list[float]] = {link: [] for link in LINKS}
    for _ in range(rounds):
        for link in LINKS:
            tab.page.wait_for_timeout(300)  # do not count what the previous page still draws
            seconds[link].append(_time_click(tab, link))
    tab.check()
    tab.close()
    return seconds


def _time_click(tab: Tab, link: str) -> float:
    target = tab.page.get_by_test_id("stSidebarNav").get_by_role("link", name=link, exact=True)
    before = tab.page.get_by_role("heading", level=1).inner_text()
    start = time.perf_counter()
    target.click()
    # Polls every frame; the tests poll only every half second.
    tab.page.wait_for_function(_IS_DRAWN, arg=before, polling="raf")
    return time.perf_counter() - start


def _time_strokes(server: LabServer, browser: Browser) -> list[float]:
    """Draw lines all over the canvas; each must change the bars.

    The canvas is cleared in between: a line within a drawing that is full already changes nothing.
    """
    # All of the canvas in sight: a line that leaves the window has no end.
    tab = Tab(browser, server.url, viewport={"width": 1400, "height": 1300})
    tab.open("predict")
    canvas = tab.page.locator(".st-key-predict_canvas canvas.upper-canvas")
    box = canvas.bounding_box()
    assert box is not None
    tab.page.evaluate(_WATCH_PEN)
    rng, seconds = random.Random(0), []
    for number in range(STROKES + 3):
        if number and number % STROKES_A_DRAWING == 0:
            tab.page.get_by_role("button", name="Clear", exact=True).click()
            tab.page.wait_for_function(f"() => ({_READ_BARS})() === ''")
        before = tab.page.evaluate(_READ_BARS)
        x, y = (box[side] + 30 + rng.random() * 300 for side in ("x", "y"))
        tab.page.mouse.move(x, y)
        tab.page.mouse.down()
        tab.page.mouse.move(x + rng.uniform(-80, 80), y + rng.uniform(-80, 80), steps=6)
        tab.page.mouse.up()
        took = tab.page.wait_for_function(_HAVE_BARS_CHANGED, arg=before, polling="raf")
        seconds.append(took.json_value() / 1000)
        tab.page.wait_for_timeout(500)
    tab.check()
    tab.close()
    return seconds[3:]  # the first strokes load the network


def _time_uploads(server: LabServer, browser: Browser, folder: Path) -> float:
    photos = _find_photos(folder)
    tab = Tab(browser, server.url)
    tab.open("predict?way=Upload")
    start = time.perf_counter()
    tab.page.locator("input[type=file]").first.set_input_files(photos)
    tab.page.wait_for_function(_IS_ANSWERED, polling="raf")
    seconds = time.perf_counter() - start
    tab.check()
    tab.close()
    return seconds


def _find_photos(folder: Path) -> list[Path]:
    given = sorted(Path(os.environ.get("FMNIST_PICTURES", "pictures")).glob("phone/*/*"))
    if given:
        return given[:: max(1, len(given) // UPLOADS)][:UPLOADS]
    folder.mkdir()
    photos = []
    for number, example in zip(range(UPLOADS), itertools.cycle(draw_examples()), strict=False):
        photos.append(folder / f"{number:03}.jpg")
        photo = Image.fromarray(example.picture).convert("RGB").resize((3000, 4000))
        # One distinct pixel each, so that no picture is cached.
        photo.putpixel((0, 0), (number, number, number))
        photo.save(photos[-1])
    return photos


def _summarise(what: str, values: list[float]) -> dict[str, Any]:
    median = statistics.median(values)
    target = TARGETS.get(what)
    return {
        "what": what,
        "median": round(median, 3),
        "min": round(min(values), 3),
        "max": round(max(values), 3),
        "n": len(values),
        "target": target,
        "holds": None if target is None else median <= target,
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    rows = measure(options.starts, options.rounds)
    data = "real set" if find_real_archive() else "demo set"
    print(f"{data}, {os.cpu_count()} cores, load {load:.1f} before the measurement")
    print(f"{'':26}{'median':>9}{'min':>9}{'max':>9}{'n':>5}{'target':>9}")
    for row in rows:
        target = "" if row["target"] is None else f"{row['target']:9g}"
        verdict = {None: "", True: "  holds", False: "  missed"}[row["holds"]]
        figures = "".join(f"{row[name]:9.2f}" for name in ("median", "min", "max"))
        print(f"{row['what']:26}{figures}{row['n']:5}{target}{verdict}")


if __name__ == "__main__":
    main()
