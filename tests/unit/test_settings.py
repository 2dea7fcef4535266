"""Limits that stand in more than one file agree."""

from __future__ import annotations

import tomllib

from fmnist import settings


def test_browser_and_server_have_the_same_upload_limit() -> None:
    config = tomllib.loads((settings.PROJECT_DIR / ".streamlit" / "config.toml").read_text())
    assert config["server"]["maxUploadSize"] == settings.MAX_UPLOAD_MB
    assert settings.MAX_UPLOAD_BYTES == settings.MAX_UPLOAD_MB * 1024 * 1024
