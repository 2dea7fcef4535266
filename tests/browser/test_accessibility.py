"""Each view of each page can be read: no serious fault for axe-core, no small text."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.support.browser import PAGES, OpenTab
from tests.support.browser_charts import expect_charts
from tests.support.server import LabServer
from tests.support.views import list_views

pytestmark = pytest.mark.slow

_NOT_OURS = [
    # Streamlit's navigation has other elements between its lists and their items.
    "[data-testid=stSidebarNav]",
    # It colours the words of a program by itself; the theme has no setting for it.
    "[data-testid=stCode] .token",
]

_SERIOUS = {"serious", "critical"}

_TEXTS = """() => {
    const found = [];
    const walk = node => {
        if (node.nodeType === Node.TEXT_NODE) {
            const parent = node.parentElement ?? node.parentNode.host;
            const text = node.textContent.trim();
            // An icon is the name of a letter in a font of its own.
            const isIcon = parent.closest('[data-testid=stIconMaterial]');
            if (!text || isIcon || !parent.checkVisibility()) return;
            const { a = 1, b = 0 } = parent.getScreenCTM?.() ?? {};  // turned, or scaled
            const scale = Math.hypot(a, b);
            found.push([text.slice(0, 40), parseFloat(getComputedStyle(parent).fontSize) * scale]);
        } else if (!['STYLE', 'SCRIPT', 'TITLE'].includes(node.nodeName.toUpperCase())) {
            for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes])
                walk(child);
        }
    };
    walk(document.querySelector('[data-testid=stMain]'));
    return found;
}"""
"""Each text of the page's main part, charts included, with its size in pixels."""


def list_faults(page: Page) -> list[str]:
    """Return rule, place and reason of each serious fault."""
    found = Axe().run(page, context={"include": ["body"], "exclude": _NOT_OURS}).response
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in _SERIOUS
        for node in fault["nodes"]
    ]


def list_small_texts(page: Page, least: float) -> list[str]:
    """Return the texts below this size in pixels."""
    texts = page.evaluate(_TEXTS)
    assert len(texts) > 3
    # A tool of the canvas has its name at size 0: it shows an icon, a screen reader says the name.
    return [f"{text}: {size:.1f} px" for text, size in texts if 0 < size < least - 0.01]


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_has_no_serious_fault_and_no_small_text(
    stem: str, demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server)
    for view in list_views(stem):
        page = tab.open(view)
        expect_charts(page)
        assert not list_faults(page), view
        assert not list_small_texts(page, 12), view


@pytest.mark.parametrize("stem", PAGES)
def test_a_page_has_no_serious_fault_in_the_dark(
    stem: str, demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, color_scheme="dark")
    for view in list_views(stem):
        page = tab.open(view)
        expect_charts(page)
        assert not list_faults(page), view


@pytest.mark.parametrize("stem", PAGES)
def test_a_presentation_has_large_type(
    stem: str, demo_server: LabServer, open_tab: OpenTab
) -> None:
    tab = open_tab(demo_server, viewport={"width": 1024, "height": 768})
    for view in list_views(stem, present="1"):
        page = tab.open(view)
        expect_charts(page)
        base = page.evaluate("getComputedStyle(document.documentElement).fontSize")
        assert float(base.removesuffix("px")) >= 20
        assert not list_small_texts(page, 16), view
