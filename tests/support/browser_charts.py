"""The charts of a page in Chromium: found, waited for, clicked."""

from __future__ import annotations

import time

from playwright.sync_api import Locator, Page

from tests.support.browser import DRAWN_MS, TIMEOUT_MS


def expect_charts(page: Page) -> None:
    """Wait until each chart is drawn; the code that draws them is loaded with the first."""
    page.wait_for_function(
        """() => [['stPlotlyChart', '.main-svg'], ['stVegaLiteChart', 'svg.marks']].every(
            ([id, drawing]) => [...document.querySelectorAll(`[data-testid=${id}]`)].every(
                chart => chart.querySelector(drawing)))""",
        timeout=DRAWN_MS,
    )


_COUNT_POINTS = """(node, trace) => {
    const keyed = node.closest('[class*=st-key-]');
    const key = keyed && [...keyed.classList].find(name => name.startsWith('st-key-'));
    const graphs = key
        ? [...document.querySelectorAll(`.${CSS.escape(key)} .js-plotly-plot`)] : [node];
    return Math.max(0, ...graphs.map(graph => {
        const values = graph.data?.[trace]?.x;
        return (values?._inputArray ?? values)?.length ?? 0;
    }));
}"""
"""Counts in all graphs of one key: while one follows another, the old one may stand last."""


def count_points(chart: Locator, *, trace: int = 0) -> int:
    """Return how many points a trace of a Plotly graph has, of the newer one if there are two."""
    return int(chart.evaluate(_COUNT_POINTS, trace))


def expect_points(chart: Locator, count: int, *, trace: int = 0) -> None:
    """Wait until a trace of a Plotly graph has at least this many points."""
    end = time.monotonic() + TIMEOUT_MS / 1000
    while (found := count_points(chart, trace=trace)) < count:
        assert time.monotonic() < end, f"The chart has {found} points, not {count}."
        chart.page.wait_for_timeout(50)


def find_chart(page: Page, key: str) -> Locator:
    """Return the Plotly graph that was given this key: the newer one while one follows another."""
    return page.locator(f".st-key-{key} .js-plotly-plot").last


def find_plot_area(chart: Locator) -> Locator:
    """Return what receives the mouse within the axes of a Plotly graph."""
    return chart.locator(".draglayer .nsewdrag").first


def find_cell(page: Page, key: str, row: int, column: int) -> Locator:
    """Return a cell of a confusion matrix."""
    return page.locator(f'.st-key-{key} button[value="{row}-{column}"]')


def find_curve(page: Page, metric: str) -> Locator:
    """Return the live curve of a run, ``loss`` or ``accuracy``."""
    return page.locator(f'[aria-label^="{metric.capitalize()}"] svg.marks')


def expect_curve(curve: Locator, count: int, *, series: str = "training") -> None:
    """Wait until the line of a series has at least this many points."""
    end = time.monotonic() + TIMEOUT_MS / 1000
    while (found := count_curve_points(curve, series=series)) < count:
        assert time.monotonic() < end, f"The curve has {found} points, not {count}."
        curve.page.wait_for_timeout(50)


def count_curve_points(curve: Locator, *, series: str = "training") -> int:
    """Return how many points the line of a series has; lines of one point are not drawn."""
    line = curve.locator(f".{series}_marks path").first
    text = line.get_attribute("d") or "" if line.count() else ""
    return text.count("L") + 1 if "L" in text else 0


def find_bars(page: Page, key: str) -> Locator:
    """Return the rows of the probability bars with this key."""
    return page.locator(f".st-key-{key}").last.get_by_role("listitem")
