"""The server stays small: no TensorFlow in its memory, whatever pages were opened."""

from __future__ import annotations

import sys

import pytest
from playwright.sync_api import expect

from tests.support.browser import NAVIGATION, OpenTab, Record
from tests.support.server import LabServer, is_tensorflow_mapped, measure_memory

MAX_MEMORY_MB = 400

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="It reads /proc.")


def assert_small_after_every_page(
    server: LabServer, open_tab: OpenTab, record: Record, name: str
) -> None:
    tab = open_tab(server)
    for links in NAVIGATION.values():
        for link in links:
            tab.go_to(link)
    tab.open("samples?item=1")  # its nearest neighbours read all training images
    expect(tab.page.locator(".st-key-neighbours")).to_be_visible()
    memory = measure_memory(server.pid)
    record(f"memory of the server after every page, {name}: {memory:.0f} MB")
    assert not is_tensorflow_mapped(server.pid), "the web process has imported TensorFlow"
    assert memory <= MAX_MEMORY_MB


@pytest.mark.slow
def test_the_server_stays_small_on_the_demo_set(
    demo_server: LabServer, open_tab: OpenTab, record: Record
) -> None:
    assert_small_after_every_page(demo_server, open_tab, record, "demo set")


@pytest.mark.slow
@pytest.mark.real_data
def test_the_server_stays_small_on_the_real_set(
    real_server: LabServer, open_tab: OpenTab, record: Record
) -> None:
    assert_small_after_every_page(real_server, open_tab, record, "real set")
