"""Draw the map's 10,000 points as a picture, as SVG and with WebGL.

``python -m benchmarks.map_drawing`` starts Chromium with software WebGL (SwiftShader) and without
WebGL, with the pages' security policy and without one. It prints the time from drawing to the next
frame, the number of coloured pixels, and any errors.
"""

from __future__ import annotations

import shutil
import statistics
from typing import Any, Final

import cv2
import numpy as np
import plotly.offline
from playwright.sync_api import Browser, Error, Page, sync_playwright
from plotly.utils import PlotlyJSONEncoder

from fmnist.charts.map import TRUE_CLASS, plot_map
from fmnist.ui.server.headers import build_headers

N_POINTS: Final = 10_000
ROUNDS: Final = 5

_URL: Final = "http://localhost/"
_ARGUMENTS: Final = {
    "by software": ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
    "missing": ["--disable-gpu", "--disable-3d-apis"],
}
"""Arguments of Chromium for each kind of WebGL."""

_DRAW: Final = """async text => {
    const chart = document.getElementById('chart');
    Plotly.purge(chart);
    const {data, layout} = JSON.parse(text);
    const begin = performance.now();
    await Plotly.newPlot(chart, data, layout);
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now() - begin;
}"""


KINDS: Final = ("picture", "scatter", "scattergl")
"""The points as one picture, as the program draws them, and as markers in SVG and in WebGL."""


def build_figure(kind: str) -> dict[str, Any]:
    """Return the map of random points, drawn in one of ``KINDS``."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, N_POINTS)
    figure: dict[str, Any] = plot_map(
        rng.normal(size=(N_POINTS, 2)).astype(np.float32),
        np.arange(N_POINTS),
        np.array(["Shirt"] * N_POINTS),
        labels,
        TRUE_CLASS,
        title="Map",
    ).to_plotly_json()
    if kind != "picture":
        colors = np.sort(labels)  # the points are in the order of their colours, too
        marker = {"size": 5, "opacity": 0.8, "color": colors, "colorscale": "Rainbow"}
        figure["data"][0] |= {"type": kind, "mode": "markers", "marker": marker}
        del figure["layout"]["images"]
    return figure


def open_page(page: Page, *, with_policy: bool) -> list[str]:
    """Open an empty page with Plotly, and return the list that collects its faults."""
    headers = {name.decode(): value.decode() for name, value in build_headers()}
    page.route(
        f"{_URL}**",
        lambda route: route.fulfill(
            body=plotly.offline.get_plotlyjs()
            if route.request.url.endswith(".js")
            else "<meta charset=utf-8><div id=chart></div><script src=/plotly.js></script>",
            content_type="text/javascript" if route.request.url.endswith(".js") else "text/html",
            headers=headers if with_policy else {},
        ),
    )
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(_URL)
    return faults


def measure(browser: Browser, kind: str, *, with_policy: bool) -> str:
    """Draw a kind of trace several times; return the median time, what is seen, and what failed."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    faults = open_page(page, with_policy=with_policy)
    figure = PlotlyJSONEncoder().encode(build_figure(kind))
    times = []
    try:
        times = [page.evaluate(_DRAW, figure) for _ in range(ROUNDS)]
    except Error as error:
        faults.append(str(error).splitlines()[0])
    pixels = np.frombuffer(page.locator("#chart").screenshot(), np.uint8)
    picture = cv2.imdecode(pixels, cv2.IMREAD_COLOR)
    assert picture is not None
    colourful = int((np.ptp(picture[:, :1100], axis=2) > 60).sum())  # without the legend
    page.close()
    median = f"{statistics.median(times):,.0f}" if times else "–"
    return f"{median} | {colourful:,} | {'; '.join(faults[:1]) or 'none'}"


def main() -> None:
    """Draw in browsers with and without WebGL, and print a table."""
    print("| trace | WebGL | policy | median, ms | coloured pixels | faults |")
    print("| --- | --- | --- | --- | --- | --- |")
    with sync_playwright() as playwright:
        for webgl, arguments in _ARGUMENTS.items():
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", *arguments]
            )
            for with_policy in (True, False):
                for kind in KINDS:
                    found = measure(browser, kind, with_policy=with_policy)
                    policy = "the pages'" if with_policy else "none"
                    print(f"| `{kind}` | {webgl} | {policy} | {found} |")
            browser.close()


if __name__ == "__main__":
    main()
