"""The theme of the configuration, read once."""

from __future__ import annotations

from functools import cache

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session


def read_theme_once() -> None:
    """Let the server keep the theme that it sends with each drawing; call it once, at the start.

    Streamlit reads the six sections of the theme again, under a lock, whenever it draws a page or
    a fragment: a fifth of the server's time while fifty sessions watch a run (measured). It has
    no setting for it, so its function is replaced; the theme changes only with a restart.
    """
    populate = app_session._populate_theme_msg

    @cache
    def read(section: str) -> CustomThemeConfig:
        theme = CustomThemeConfig()
        populate(theme, section)
        return theme

    def copy(msg: CustomThemeConfig, section: str = "theme") -> None:
        theme = read(section)
        if theme.ByteSize():  # an empty section is omitted
            msg.MergeFrom(theme)

    app_session._populate_theme_msg = copy
