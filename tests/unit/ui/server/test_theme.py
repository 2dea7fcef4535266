from __future__ import annotations

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from fmnist.ui.server.theme import read_theme_once

SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.dark.sidebar")


def build(section: str) -> bytes:
    message = CustomThemeConfig()
    app_session._populate_theme_msg(message, section)
    return message.SerializeToString()


def test_theme_is_sent_as_streamlit_would_and_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {section: build(section) for section in SECTIONS}
    assert expected["theme"]
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)
    read_theme_once()
    assert {section: build(section) for section in SECTIONS} == expected

    def fail(_section: str) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(config, "get_options_for_section", fail)
    assert {section: build(section) for section in SECTIONS} == expected
