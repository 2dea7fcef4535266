"""The files of a run directory are named in one place, and described to people in one table."""

from __future__ import annotations

import ast

import pytest

from fmnist.runs.layout import RunFile
from fmnist.settings import PROJECT_DIR
from tests.support.sources import walk_modules

NAMES = set(RunFile)


def find_file_name(node: ast.AST) -> str | None:
    """Return the literal of a node that names a file of a run directory, at the end of a path.

    ``stop`` and ``checkpoint`` are also words: they count where they are joined to a path.
    """
    match node:
        case ast.Constant(str(value)):
            name = value.rpartition("/")[2]
            return value if "." in name and name in NAMES else None
        case ast.BinOp(op=ast.Div(), right=ast.Constant(str(value))) if value in NAMES:
            return value
    return None


@pytest.mark.parametrize("member", sorted(set(RunFile) - {RunFile.PROGRESS}))  # part of checkpoint/
def test_each_file_stands_in_the_table_of_the_architecture(member: RunFile) -> None:
    text = (PROJECT_DIR / "docs" / "architecture.md").read_text()
    (row,) = [line for line in text.splitlines() if line.startswith(f"| `{member}")]
    assert row.split("|")[2].strip().startswith(member.writer)


def test_literals_are_found() -> None:
    code = 'a / "stop"; b.glob("*/launch.json"); print("stop"); f"{c}/report.json"; d / "x.json"'
    found = filter(None, map(find_file_name, ast.walk(ast.parse(code))))
    assert sorted(found) == ["*/launch.json", "/report.json", "stop"]


def test_no_other_module_names_a_file_of_a_run() -> None:
    found = [
        (module, name)
        for module, node in walk_modules("fmnist", "pages", "benchmarks")
        if (name := find_file_name(node)) and module != "fmnist/runs/layout.py"
    ]
    assert found == []
