from __future__ import annotations

import ast

import pytest

from fmnist.settings import PROJECT_DIR
from fmnist.ui.shell.glossary import GLOSSARY, format_glossary, glossary
from tests.support.sources import USER_INTERFACE, walk_modules


def test_document_has_the_same_entries() -> None:
    document = (PROJECT_DIR / "docs" / "glossary.md").read_text()
    assert document == format_glossary(), "run python -m fmnist.ui.shell.glossary"


@pytest.mark.parametrize("term", GLOSSARY)
def test_entry_is_one_or_two_short_sentences(term: str) -> None:
    text = glossary(term)
    assert text[0].isupper()
    assert text.endswith(".")
    assert len(text.split()) <= 40


def test_pages_ask_only_for_terms_that_exist() -> None:
    asked = set()
    for _, node in walk_modules(*USER_INTERFACE):
        match node:
            case ast.Call(ast.Name("glossary"), [ast.Constant(term)]):
                asked.add(term)
    assert asked <= GLOSSARY.keys()
    assert asked
