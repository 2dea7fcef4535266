"""Every page opens, on either data set, dark or light, wide or narrow, without a fault."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.support.browser import NAVIGATION, PAGES, OpenTab, Tab
from tests.support.server import LabServer

PATHS = ["" if stem == "overview" else stem for stem in PAGES]

MESSAGES = '[data-testid="stAlertContentError"], [data-testid="stAlertContentWarning"]'


def assert_clean(tab: Tab) -> None:
    """Fail on a fault behind the page or a complaint on it."""
    tab.check()
    expect(tab.page.locator(MESSAGES)).to_have_count(0)


def is_wider_than_window(tab: Tab) -> bool:
    return bool(
        tab.page.evaluate(
            """() => [document.body, document.querySelector('[data-testid=stMain]')].some(
                node => node.scrollWidth > document.documentElement.clientWidth)"""
        )
    )


def is_drawing_asked(frame: str | bytes) -> bool:
    """Tell whether a message of the browser asks for a page or a part of it, not by the clock."""
    message = BackMsg()
    message.ParseFromString(frame if isinstance(frame, bytes) else frame.encode())
    return message.HasField("rerun_script") and not message.rerun_script.is_auto_rerun


def test_every_page_opens_on_the_demo_set(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server)
    for path in PATHS:
        page = tab.open(path)
        expect(page.get_by_text("Demo set").first).to_be_visible()
        assert_clean(tab)


@pytest.mark.slow
@pytest.mark.real_data
def test_every_page_opens_on_the_real_set(real_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(real_server, "samples")  # waits for the data set, which Overview does not
    for path in PATHS:
        page = tab.open(path)
        expect(page.get_by_text("60,000 + 10,000 images").first).to_be_visible()
        assert_clean(tab)


def test_the_sidebar_leads_to_every_page(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server)
    for links in NAVIGATION.values():
        for link in links:
            tab.go_to(link)
            assert_clean(tab)


@pytest.mark.slow
def test_no_page_asks_to_be_drawn_again(demo_server: LabServer, open_tab: OpenTab) -> None:
    """A component that tells its first value may tell it when a person has gone to another page.

    Streamlit then draws what the component is part of, and to the browser that is another page's:
    it takes away all that was there.
    """
    tab = open_tab(demo_server)
    asked: list[bool] = []
    tab.page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda frame: asked.append(is_drawing_asked(frame))),
    )
    for path in PATHS:
        asked.clear()
        tab.open(path)
        tab.page.wait_for_timeout(1000)
        assert sum(asked) == 1, f"{path or 'overview'} asked {sum(asked)} times to be drawn"


@pytest.mark.slow
def test_every_page_opens_in_the_dark(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, color_scheme="dark")
    for path in PATHS:
        page = tab.open(path)
        color = page.get_by_test_id("stApp").evaluate("n => getComputedStyle(n).backgroundColor")
        channels = [int(value) for value in color.strip("rgba()").split(",")[:3]]
        assert max(channels) < 80, f"{path or 'overview'} is {color}, which is not dark"
        assert_clean(tab)


@pytest.mark.slow
def test_no_page_is_wider_than_a_phone(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, viewport={"width": 400, "height": 800})
    wide = []
    for path in PATHS:
        tab.open(path)
        assert_clean(tab)
        if is_wider_than_window(tab):
            wide.append(path or "overview")
    assert not wide, f"These pages scroll sideways at 400 pixels: {', '.join(wide)}"


@pytest.mark.slow
def test_focus_is_seen_in_the_sidebar(demo_server: LabServer, open_tab: OpenTab) -> None:
    page = open_tab(demo_server, "samples").page
    link = page.get_by_test_id("stSidebarNav").get_by_role("link", name="Train", exact=True)
    link.focus()
    page.keyboard.press("Tab")  # the focus is shown to whoever moves it by keys
    focused = page.get_by_test_id("stSidebarNav").get_by_role("link", name="Runs", exact=True)
    expect(focused).to_be_focused()
    expect(focused).to_have_css("outline-style", "solid")
    expect(focused).to_have_css("outline-width", "2px")
