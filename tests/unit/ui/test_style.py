"""CSS of a page stays when a toast comes."""

from __future__ import annotations

import re

from streamlit.elements.html import _html_only_style_tags
from streamlit.testing.v1 import AppTest

from fmnist.settings import PROJECT_DIR


def test_style_is_not_put_where_toasts_appear() -> None:
    def page() -> None:
        from fmnist.ui.shell.style import apply_style

        apply_style("test", "h1 { color: red }")

    app = AppTest.from_function(page).run()
    (html,) = app.main.get("html")
    assert "h1 { color: red }" in html.proto.body
    assert not _html_only_style_tags(html.proto.body)


def test_pages_add_style_in_no_other_way() -> None:
    places = [*PROJECT_DIR.glob("pages/*.py"), *PROJECT_DIR.glob("fmnist/ui/**/*.py")]
    found = [path.name for path in places if re.search(r"html\(f?\"+<style", path.read_text())]
    assert found == []
