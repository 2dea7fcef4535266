"""User actions in the browser, and checks for faults that must never occur."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserType,
    ConsoleMessage,
    Page,
    expect,
)

TIMEOUT_MS = 60_000
"""How long anything may take to appear: a loaded machine is slow, a broken page never shows it."""

DRAWN_MS = 3 * TIMEOUT_MS
"""How long a page may take until it is drawn to its end, the first answer of a network included."""

expect.set_options(timeout=TIMEOUT_MS)

PAGES = {
    "overview": "Fashion-MNIST Lab",
    "class_balance": "Class balance",
    "samples": "Samples",
    "pixel_statistics": "Pixel statistics",
    "train": "Train",
    "runs": "Runs",
    "study": "Study",
    "evaluate": "Evaluate",
    "inside": "Look inside",
    "compare": "Compare",
    "labels": "Labels",
    "map": "Map",
    "predict": "Predict",
    "challenge": "You against the model",
    "takeaway": "Take away",
}
"""URL path and heading of every page; the overview is at the root."""

WATCHING = {"/train", "/runs", "/study"}
"""Paths of the pages that draw parts of themselves again and again while a run is at work."""

NAVIGATION = {
    "": ["Overview"],
    "Explore": ["Class balance", "Samples", "Pixel statistics"],
    "Train": ["Train", "Runs", "Study"],
    "Evaluate": ["Evaluate", "Look inside", "Compare", "Labels", "Map"],
    "Predict": ["Predict", "You against the model", "Take away"],
}
"""Groups of the sidebar and the pages in them, in order; the first group has no heading."""

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# On a deep link Streamlit's frontend tries the page's path as the server's base path first.
_PROBE = re.compile(r"/\w+/_stcore/(health|host-config)$")


def launch_chromium(chromium: BrowserType) -> Browser:
    """Start Chromium: the system's if there is one, else Playwright's own."""
    return chromium.launch(executable_path=shutil.which("chromium"), args=_ARGUMENTS)


class Tab:
    """One tab of a separate browser, which records every fault from the start."""

    def __init__(self, browser: Browser, url: str, **options: object) -> None:
        options = {"viewport": {"width": 1400, "height": 1000}} | options
        self._context = browser.new_context(**options)  # type: ignore[arg-type]
        self._context.set_default_timeout(TIMEOUT_MS)
        self.url = url
        self.faults: list[str] = []
        self.page: Page = self._context.new_page()
        self._watch(self.page)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("console", self._take_message)
        page.on("request", lambda request: self._take_request(request.url))

    def _take_message(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        is_probe = "404" in message.text and _PROBE.search(address)
        if message.type == "error" and not is_probe:
            self.faults.append(f"console: {message.text} ({address})")

    def _take_request(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "localhost":
            self.faults.append(f"request to the outside: {address}")

    def open(self, path: str = "", title: str = "") -> Page:
        """Open a page by its path and query, wait until it is drawn, and check it.

        ``title`` is the heading where something else stands in the page's place.
        """
        self.page.goto(f"{self.url}/{path}")
        stem = path.partition("?")[0] or "overview"
        self.wait_for_page(title or PAGES[stem])
        self.check()
        return self.page

    def wait_for_page(self, title: str) -> None:
        """Wait until the page with that heading is completely drawn."""
        expect_title(self.page, title)
        expect_idle(self.page)

    def go_to(self, link: str) -> None:
        """Follow a link of the sidebar."""
        title = "Fashion-MNIST Lab" if link == "Overview" else link
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=link, exact=True).click()
        self.wait_for_page(title)

    def check(self) -> None:
        """Fail if anything has gone wrong in this tab so far, on the page or behind it."""
        assert not self.faults, "\n".join(self.faults)
        failed = self.page.get_by_text("This part of the page failed")
        failed = failed.or_(self.page.get_by_test_id("stException"))
        assert failed.count() == 0, f"{self.page.url} failed: {failed.all_inner_texts()}"

    @property
    def is_closed(self) -> bool:
        """Whether the tab was closed."""
        return self.page.is_closed()

    def close(self) -> None:
        """Close the tab, without further checks."""
        self._context.close()


OpenTab = Callable[..., Tab]
"""The fixture ``open_tab``: server, path and context options in, an opened tab out."""


Record = Callable[[str], None]
"""The fixture ``record``: a measured figure in words, printed when the tests are done."""


def expect_title(page: Page, title: str) -> None:
    """Wait for the page's heading."""
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()


def expect_idle(page: Page) -> None:
    """Wait until the server has completely drawn the page.

    Looks at every frame: a page that watches a run is at rest for moments only, and on a loaded
    machine never. What it watches is then drawn again and again, and all the rest is there.
    """
    patience = TIMEOUT_MS / 3 if urlsplit(page.url).path in WATCHING else DRAWN_MS
    page.wait_for_function(
        """end => !document.querySelector('[data-testid=stSkeleton]')
            && (document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
                || Date.now() > end)""",
        arg=1000 * time.time() + patience,
        polling="raf",
        timeout=DRAWN_MS,
    )


def expect_state(page: Page, state: str, *, seconds: float = TIMEOUT_MS / 1000) -> None:
    """Wait until the badge of the watched run shows that state.

    While one panel follows another, both are there for a moment.
    """
    badge = page.locator(".stMarkdownBadge").filter(has_text=state).first
    expect(badge).to_be_visible(timeout=seconds * 1000)


def click_button(page: Page, name: str) -> None:
    """Click the only button with that name; an earlier panel may still be present at first."""
    button = page.get_by_test_id("stMain").get_by_role("button", name=name)
    expect(button).to_have_count(1)
    button.click()


def click_stop(page: Page) -> None:
    """Click the button that stops the watched run."""
    click_button(page, "Stop training")


# Streamlit sends arrays packed, and Plotly keeps the numbers beside the packed form.
def read_navigation(page: Page) -> dict[str, list[str]]:
    """Return the groups of the sidebar with the names of their pages."""
    groups: dict[str, list[str]] = page.get_by_test_id("stSidebarNav").evaluate(
        """nav => {
            const groups = {};
            let group = '';
            const parts = '[data-testid=stNavSectionHeader],[data-testid=stSidebarNavLink]';
            for (const part of nav.querySelectorAll(parts)) {
                const text = part.querySelector('[data-testid=stMarkdownContainer], span[label]')
                    ?? part;
                if (part.dataset.testid === 'stNavSectionHeader') group = text.textContent.trim();
                else (groups[group] ??= []).push(text.textContent.trim());
            }
            return groups;
        }"""
    )
    return groups
