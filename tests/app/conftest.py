"""Fixtures of the page tests."""

from __future__ import annotations

import functools

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def scan_components_once() -> None:
    """Search the installed packages for components once, not in each test.

    AppTest does so for every page it opens: half of the time of these tests (profiled).
    """
    scan = functools.cache(manifest_scanner.scan_component_manifests)
    manifest_scanner.scan_component_manifests = scan
