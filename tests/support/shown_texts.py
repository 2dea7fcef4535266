"""Which expressions of the user interface Streamlit reads as Markdown."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.sources import USER_INTERFACE, walk_modules

MESSAGES = {"error", "warning", "info", "success", "toast", "exception"}
FIRST = MESSAGES | {
    "badge", "button", "caption", "checkbox", "expander", "header", "markdown", "metric",
    "multiselect", "number_input", "popover", "segmented_control", "selectbox", "slider",
    "spinner", "subheader", "text_input", "title", "toggle", "write",
}  # fmt: skip
"""Functions whose first argument is Markdown."""

NAMED = {"label", "help", "caption", "text", "body", "placeholder"}
"""Arguments that are Markdown, whichever function has them."""


@dataclass(frozen=True)
class Shown:
    """One part of what a call shows, neither a literal nor a number with a format.

    Attributes:
        file: the module, from the project's folder.
        line: the line of the call.
        function: that is called, such as ``markdown``.
        part: the expression.
    """

    file: str
    line: int
    function: str
    part: ast.expr

    @property
    def text(self) -> str:
        """The expression as it stands in the module."""
        return ast.unparse(self.part)


def find_shown() -> Iterator[Shown]:
    """Yield the parts of everything that the modules of the user interface show."""
    for module, node in walk_modules(*USER_INTERFACE):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            for shown in _list_shown(node, node.func):
                for part in _list_parts(shown):
                    yield Shown(module, node.lineno, node.func.attr, part)


def _list_shown(call: ast.Call, function: ast.Attribute) -> Iterator[ast.expr]:
    if isinstance(function.value, ast.Name) and function.value.id == "_LOGGER":
        return
    if function.attr in FIRST and call.args:
        yield call.args[0]
    for keyword in call.keywords:
        if keyword.arg in NAMED:
            yield keyword.value


def _list_parts(shown: ast.expr) -> Iterator[ast.expr]:
    if isinstance(shown, ast.JoinedStr):
        for part in shown.values:
            if isinstance(part, ast.FormattedValue) and part.format_spec is None:
                yield from _list_parts(part.value)
    elif isinstance(shown, ast.IfExp):
        yield from _list_parts(shown.body)
        yield from _list_parts(shown.orelse)
    elif isinstance(shown, ast.BoolOp):
        for value in shown.values:
            yield from _list_parts(value)
    elif isinstance(shown, ast.BinOp):
        yield from _list_parts(shown.left)
        yield from _list_parts(shown.right)
    elif not isinstance(shown, ast.Constant):
        yield shown
