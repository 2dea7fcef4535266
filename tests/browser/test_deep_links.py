"""The first page that is opened after a restart is the one in the address, with its navigation."""

from __future__ import annotations

import pytest

from tests.support.browser import NAVIGATION, PAGES, OpenTab, read_navigation
from tests.support.server import LabServer

FIRST = ("overview", "evaluate")
"""Not slow: the home page, and one that is not."""


@pytest.mark.parametrize(
    "stem", [*FIRST, *(pytest.param(p, marks=pytest.mark.slow) for p in PAGES if p not in FIRST)]
)
def test_a_cold_deep_link_opens_its_page(
    stem: str, own_server: LabServer, open_tab: OpenTab
) -> None:
    own_server.start()
    tab = open_tab(own_server, "" if stem == "overview" else stem)  # waits for its heading
    assert read_navigation(tab.page) == NAVIGATION
    assert tab.page.title() == f"{PAGES[stem]} · Fashion-MNIST Lab"
