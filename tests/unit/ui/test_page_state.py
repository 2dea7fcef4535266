from __future__ import annotations

import ast
from dataclasses import dataclass

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.ui.shell import page_state
from fmnist.ui.shell.page_state import Field, UrlChoice, build_key
from tests.support.sources import USER_INTERFACE, walk_modules


def test_session_state_is_used_in_one_module_only() -> None:
    users = {
        module
        for module, node in walk_modules(*USER_INTERFACE)
        if (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", ""))
        == "session_state"
    }
    assert users == {"fmnist/ui/shell/page_state.py"}


@dataclass
class Counter:
    count: int = 0


def count_twice() -> None:
    import streamlit as st

    from fmnist.ui.shell.page_state import get_state
    from tests.unit.ui.test_page_state import Counter

    get_state(Counter).count += 1
    get_state(Counter, "other").count += 10
    st.caption(f"{get_state(Counter).count} {get_state(Counter, 'other').count}")


def test_state_lives_through_reruns_and_names_are_kept_apart() -> None:
    app = AppTest.from_function(count_twice).run().run()
    assert [caption.value for caption in app.caption] == ["2 20"]
    assert build_key(Counter) != build_key(Counter, "other")


def choose() -> None:
    import streamlit as st

    from fmnist.ui.shell.page_state import UrlChoice, get_state

    choice = get_state(UrlChoice)
    keep = st.query_params.get("keep") == "yes"
    options = list(st.query_params.get("options", "abc"))
    shown = choice.follow("letter", options, keep=keep)
    letter = st.selectbox("Letter", options, options.index(shown), key=choice.key("letter"))
    choice.write("letter", letter)


def read_choice(app: AppTest) -> tuple[str, str]:
    """Return what the box and the URL say."""
    (box,) = app.selectbox
    asked = app.query_params["letter"]
    return box.value, asked if isinstance(asked, str) else asked[-1]


def open_choice(**query: str) -> AppTest:
    app = AppTest.from_function(choose)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def test_url_leads_then_follows() -> None:
    app = open_choice(letter="b")
    assert read_choice(app) == ("b", "b")
    app.selectbox[0].set_value("c").run()
    assert read_choice(app) == ("c", "c")
    app.query_params["letter"] = "a"  # as a callback or the browser's Back button sets it
    app.run()
    assert read_choice(app) == ("a", "a")


def test_first_option_is_the_default_and_replaces_what_is_gone() -> None:
    app = open_choice(letter="x")
    assert read_choice(app) == ("a", "a")
    app.selectbox[0].set_value("b").run()
    app.query_params["options"] = "ac"
    app.run()
    assert read_choice(app) == ("a", "a")


@pytest.mark.parametrize(("keep", "expected"), [("yes", "b"), ("no", "a")])
def test_choice_without_a_url_is_kept_only_on_request(keep: str, expected: str) -> None:
    app = open_choice(letter="b", keep=keep)
    del app.query_params["letter"]
    app.run()
    assert read_choice(app) == (expected, expected)


def test_program_change_gives_the_widget_another_key() -> None:
    field = Field("a")
    before = field.key("name")
    field.set("b")
    assert (field.value, field.key("name")) == ("b", "name_1")
    assert before == "name"
    assert UrlChoice().key("run") == "run"


def test_a_rerun_with_the_url_of_before_a_choice_does_not_take_it_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url: dict[str, str] = {"network": "cnn"}
    monkeypatch.setattr(page_state, "read_parameter", url.get)
    monkeypatch.setattr(page_state, "write_parameter", url.__setitem__)
    names, choice = ["cnn", "baseline"], UrlChoice(value="cnn", seen="cnn")
    choice.set("baseline")
    choice.write("network", "baseline")
    url["network"] = "cnn"  # sent before the browser had the new one
    assert choice.follow("network", names, ignore_stale_url=True) == "baseline"
    choice.written -= 10
    assert choice.follow("network", names, ignore_stale_url=True) == "cnn"  # the person went back
