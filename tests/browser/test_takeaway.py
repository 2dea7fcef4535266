"""What a run is handed out as reaches the disk under the run's name."""

from __future__ import annotations

import zipfile

import pytest
from playwright.sync_api import expect

from tests.support.browser import DRAWN_MS, OpenTab
from tests.support.server import LabServer


@pytest.mark.slow
def test_a_network_is_exported_and_downloaded(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "takeaway?run=baseline")
    page = tab.page
    page.get_by_role("button", name="Export", exact=True).first.click()
    button = page.get_by_role("button", name="Download (2.2 MB)")
    expect(button).to_be_visible(timeout=DRAWN_MS)
    expect(page.get_by_text('load_model("baseline.keras")')).to_be_visible()
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "baseline.keras"
    with zipfile.ZipFile(download.value.path()) as content:
        assert "model.weights.h5" in content.namelist()
    tab.check()


@pytest.mark.parametrize(
    ("view", "label", "name"),
    [
        ("Code", "Script", "baseline.py"),
        ("Code", "Notebooks", "baseline-notebooks.zip"),
        ("Report", "Model card", "baseline.html"),
    ],
)
def test_code_and_report_have_the_name_of_the_run(
    demo_server: LabServer, open_tab: OpenTab, view: str, label: str, name: str
) -> None:
    tab = open_tab(demo_server, f"takeaway?run=baseline&view={view}")
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name=label, exact=True).click()
    assert download.value.suggested_filename == name
    tab.check()
