"""Tests that share a fixture run in one process."""

from __future__ import annotations

import os

import pytest


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process alone")
@pytest.mark.xdist_group("a group")
def test_a_group_reaches_the_scheduler(request: pytest.FixtureRequest) -> None:
    """It reads the end of the id; under pytest 9.2, pytest-xdist 3.8 can't append to that."""
    assert request.node.nodeid.endswith("@a group")
