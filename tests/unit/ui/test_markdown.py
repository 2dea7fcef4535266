from __future__ import annotations

import ast
import re

import pytest

from fmnist.ui.shell.markdown import escape_markdown, escape_name, shorten
from tests.support.shown_texts import MESSAGES, find_shown

BREAK = "\N{WORD JOINER}"
HELPER = "fmnist/ui/shell/messages.py"

OUTSIDE = {
    "asked", "data_name", "error", "exception", "file", "file_name", "filename", "folder",
    "hardware", "message", "name", "network", "note", "notes", "owner", "path", "problem", "reason",
    "run_id", "sentence", "source", "start_from", "tag", "tags", "trouble", "username", "warning",
}  # fmt: skip
"""Names under which texts of other people arrive."""

OWN = {
    ("fmnist/ui/widgets/item.py", "name"),  # "Test image 7"
    ("fmnist/ui/evaluate/views.py", "hardest.name"),  # a class
    ("fmnist/ui/evaluate/views.py", "easiest.name"),
    ("fmnist/ui/compare/tables.py", "sentence"),  # of names of classes
    ("fmnist/ui/evaluate/confusion.py", "sentence"),  # of figures and names of classes
    ("fmnist/ui/evaluate/views.py", "sentence"),
    ("fmnist/ui/explore/samples.py", "sentence"),
    ("pages/class_balance.py", "sentence"),
    ("pages/pixel_statistics.py", "sentence"),
    ("fmnist/ui/train/lr_range.py", "sentence"),  # of figures
    ("fmnist/ui/train/ablation.py", "sentence"),  # of a record that comes with the program
    ("fmnist/ui/evaluate/score_card.py", "sentence"),  # the name in it is escaped
    ("fmnist/ui/evaluate/trust.py", "sentence"),  # of figures
    ("fmnist/ui/labels/judge.py", "issue.item.name"),  # "train no. 7 (Coat)"
    ("fmnist/ui/labels/judge.py", "issue.reason"),  # of figures and names of classes
    ("fmnist/ui/map/selection.py", "sentence"),  # of figures
    ("fmnist/ui/shell/frame.py", "folder"),  # escaped in the line before
    ("fmnist/ui/train/ablation.py", "network"),  # one of ours
    ("fmnist/ui/train/form.py", "name.capitalize()"),  # of a preset
    ("fmnist/ui/train/lr_range.py", "suggestion.reason"),
    ("fmnist/ui/train/network.py", "reason"),  # of a layer, and of a classical model
}
"""Expressions with such a name that the program makes itself."""


def is_escaped(part: ast.expr) -> bool:
    called = part.func if isinstance(part, ast.Call) else None
    return isinstance(called, ast.Name) and called.id in {"escape_markdown", "escape_name"}


def find_name(part: ast.expr) -> str:
    """Return the name that a text comes from: of ``str(run.path)`` it is ``path``."""
    if isinstance(part, ast.Attribute):
        return part.attr
    if isinstance(part, ast.Name):
        return part.id
    if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and not part.args:
        return find_name(part.func.value)
    if isinstance(part, ast.Call) and ast.unparse(part.func) == "str":
        return find_name(part.args[0])
    return ""


def test_texts_of_other_people_are_escaped_where_they_are_shown() -> None:
    wrong = [
        f"{shown.file}:{shown.line}: {shown.text}"
        for shown in find_shown()
        if shown.file != HELPER
        and not is_escaped(shown.part)
        and find_name(shown.part) in OUTSIDE
        and (shown.file, shown.text) not in OWN
    ]
    assert wrong == [], "escape_markdown, escape_name or a function of messages.py is missing"


def test_messages_with_a_text_go_through_the_helper() -> None:
    """Streamlit's own functions are for literals and numbers."""
    wrong = [
        f"{shown.file}:{shown.line}: st.{shown.function}"
        for shown in find_shown()
        if shown.function in MESSAGES and shown.file != HELPER and not is_escaped(shown.part)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("keen otter 42", "keen otter 42"),
        ("cnn-2026.11 t10k_images_2", "cnn-2026.11 t10k_images_2"),
        ("![b](http://evil.example)", r"!\[b\](http:¦//evil.example)"),
        ("<img src=x>", r"\<img src=x\>"),
        (":red[x] :material/home: :smile: :100:", r":¦red\[x\] :¦material/home: :¦smile: :¦100:"),
        ("www.evil.example a@evil.example", "www¦.evil.example a@¦evil.example"),
        ("$x$ `y` **z** _w_", r"\$x\$ \`y\` \*\*z\*\* \_w\_"),
        ("~~v~~ a|b &amp; \\", r"\~\~v\~\~ a\|b \&amp; \\"),
        ("# head", r"\# head"),
        ("- item", r"\- item"),
        ("12. item", r"12\. item"),
        ("a\n\n    code", "a code"),
        ("17:51:32", "17:51:32"),
        ("\ud800\x00\u202e", "���"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_shows_the_text_itself(text: str, expected: str) -> None:
    assert escape_markdown(text) == expected.replace("¦", BREAK)


def test_any_object_is_shown_by_its_text() -> None:
    assert escape_markdown(ValueError("a_b")) == r"a_b"
    assert escape_markdown(None) == "None"


def test_long_texts_are_cut_off() -> None:
    assert escape_name("a" * 80) == "a" * 80
    assert escape_name("a" * 100_000) == "a" * 79 + "…"
    assert len(escape_markdown("*" * 100_000)) < 4001
    assert shorten("abc", 2) == "a…"


def test_what_is_shown_is_never_read_as_markup() -> None:
    """Every character that opens something in Markdown has a backslash before it."""
    hostile = "".join(map(chr, range(32, 127))) * 2
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>$~|&]", escape_markdown(hostile))
