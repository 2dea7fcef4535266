"""Limits: those that stand in more than one file agree, and those that depend on the machine."""

from __future__ import annotations

import tomllib

import pytest

from fmnist import settings


def test_browser_and_server_have_the_same_upload_limit() -> None:
    config = tomllib.loads((settings.PROJECT_DIR / ".streamlit" / "config.toml").read_text())
    assert config["server"]["maxUploadSize"] == settings.MAX_UPLOAD_MB
    assert settings.MAX_UPLOAD_BYTES == settings.MAX_UPLOAD_MB * 1024 * 1024


@pytest.mark.parametrize(("cores", "workers"), [(1, 2), (2, 3), (3, 4), (64, 4)])
def test_a_picture_worker_more_than_cores(
    cores: int, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "count_cores", lambda: cores)
    assert settings.picture_workers() == workers
