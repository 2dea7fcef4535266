from __future__ import annotations

import ast

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.sources import USER_INTERFACE, walk_modules

HUGE = "9" * 100_000


def test_the_url_is_read_and_written_in_one_module_only() -> None:
    users = {
        module
        for module, node in walk_modules(*USER_INTERFACE)
        if isinstance(node, ast.Attribute) and node.attr == "query_params"
    }
    assert users == {"fmnist/ui/shell/url.py"}


def test_streamlit_fills_no_number_from_the_url() -> None:
    bound = [
        f"{module}:{node.lineno}"
        for module, node in walk_modules(*USER_INTERFACE)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"number_input", "slider", "select_slider"}
        and any(keyword.arg == "bind" for keyword in node.keywords)
    ]
    assert bound == []


def read_all() -> None:
    import streamlit as st

    from fmnist.ui.shell.page_state import UrlNumber, get_state
    from fmnist.ui.shell.url import read_float, read_integer, read_parameter, write_parameter

    st.text(f"{read_integer('n', 1, 9)} {read_float('x', 0.0, 1.0)}")
    st.text(len(read_parameter("n") or ""))
    choice = get_state(UrlNumber)
    seed = st.number_input(
        "Seed", 0, 99, choice.follow("seed", read_integer("seed", 0, 99), 1), key=choice.key("seed")
    )
    choice.write("seed", seed, 1)
    write_parameter("gone", None)


def open_page(**query: str | list[str]) -> AppTest:
    app = AppTest.from_function(read_all)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_values_in_their_range_are_read() -> None:
    app = open_page(n="7", x="0.25", seed="42", gone="x")
    assert app.text[0].value == "7 0.25"
    assert app.number_input[0].value == 42
    assert "gone" not in app.query_params


@pytest.mark.parametrize(
    "text",
    ["", "10", "0.5", "-1", "1e999", "-1e999", "nan", "inf", "7.5", " 7", "٧", "0x7", "7\x00", HUGE,
     "�", "../..", "<b>", "1_0"],
)  # fmt: skip
def test_other_values_count_as_absent(text: str) -> None:
    app = open_page(n=text, x=f"{text}e9", seed=f"{text}e999")
    assert app.text[0].value == "None None"
    assert app.number_input[0].value == 1
    assert int(app.text[1].value) <= 20_000


def test_of_a_repeated_parameter_the_last_counts() -> None:
    assert open_page(n=["1", "2", "3"]).text[0].value == "3 None"


def test_url_of_a_number_leads_then_follows() -> None:
    app = open_page(seed="42")
    app.number_input[0].set_value(5).run()
    assert app.query_params["seed"] in ("5", ["5"])
    app.query_params["seed"] = "6"  # as the browser's Back button sets it
    app.run()
    assert app.number_input[0].value == 6
    app.number_input[0].set_value(1).run()
    assert "seed" not in app.query_params  # the default
