from __future__ import annotations

import ast

import pytest

from fmnist.settings import PROJECT_DIR
from fmnist.ui.shell.glossary import GLOSSARY, format_glossary, glossary


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
    asked = {}
    for folder in ("fmnist/ui", "pages"):
        for path in (PROJECT_DIR / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(ast.Name("glossary"), [ast.Constant(term)]):
                        asked[term] = path.name
    assert asked.keys() <= GLOSSARY.keys()
    assert asked
