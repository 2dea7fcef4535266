"""In a real browser, no text of other people asks another server for anything."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.support.browser import PAGES, OpenTab
from tests.support.hostile import AUTOLINK, SHORT, TEXT, make_hostile_runs
from tests.support.server import Folders, LabServer


@pytest.mark.slow
def test_texts_of_other_people_ask_no_other_server(
    own_server: LabServer,
    own_folders: Folders,
    open_tab: OpenTab,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A tab counts a request to another host, and what the browser itself refused, as a fault."""
    monkeypatch.setenv("FMNIST_MODELS", str(own_folders.models))
    make_hostile_runs()
    own_server.start()
    text = quote(TEXT)
    tab = open_tab(own_server)
    for page in PAGES:
        path = "" if page == "overview" else page
        tab.open(f"{path}?run={text}&runs={text},{quote(AUTOLINK)}&study={text}&cell={text}")
        tab.check()
    tab.open(f"evaluate?run={quote(AUTOLINK)}&view=Learning")
    page = tab.page
    assert page.locator("a[href*=evil], img[src*=evil], [data-testid=stMarkdown] b").count() == 0
    tab.open(f"predict?run={quote(AUTOLINK)}&way=Upload")
    page.locator("input[type=file]").first.set_input_files(
        {"name": f"{SHORT}.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    expect(page.get_by_text("b.png").or_(page.get_by_text("evil.example")).first).to_be_visible()
    tab.check()
