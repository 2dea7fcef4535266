"""No archive takes over ten seconds of a core or 500 MB, and each is refused for its reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.bombs import BOMBS
from tests.support.loading import load_apart

pytestmark = [pytest.mark.slow, pytest.mark.processes]


@pytest.mark.parametrize("bomb", BOMBS)
def test_an_archive_that_asks_for_too_much_is_refused(bomb: str, tmp_path: Path):
    make, pattern = BOMBS[bomb]
    archive = tmp_path / "archive"
    archive.mkdir()
    make(archive)
    loading = load_apart(archive, tmp_path / "cache")
    assert re.search(pattern, loading.said), loading
    assert loading.megabytes < 500, loading
    assert loading.seconds < 10, loading
