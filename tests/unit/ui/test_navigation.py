from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from fmnist.ui.shell import navigation


def test_a_page_is_made_once_and_each_drawing_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, str]] = []

    def make(path: str, *, title: str, icon: str, default: bool) -> SimpleNamespace:
        made.append((path, icon))
        return SimpleNamespace(title=title, default=default, can_be_called=False)

    monkeypatch.setattr(st, "Page", make)
    navigation._make_page.cache_clear()
    first, second = (
        navigation.make_page("pages/map.py", title="Map", icon="scatter_plot") for _ in range(2)
    )
    navigation._make_page.cache_clear()
    first.can_be_called = True
    assert not second.can_be_called
    assert made == [("pages/map.py", ":material/scatter_plot:")]
