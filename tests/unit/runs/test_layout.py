"""The files of a run directory are named in one place, and described to people in one table."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from fmnist.runs.layout import RunFile
from fmnist.settings import PROJECT_DIR

LAYOUT = PROJECT_DIR / "fmnist" / "runs" / "layout.py"
MODULES = sorted(
    path
    for folder in ("fmnist", "pages", "benchmarks")
    for path in (PROJECT_DIR / folder).rglob("*.py")
    if path != LAYOUT
)


def find_file_names(tree: ast.AST) -> Iterator[str]:
    """Yield each literal that names a file of a run directory, alone or at the end of a path.

    ``stop`` and ``checkpoint`` are words, too: they count where they are joined to a path.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value.rpartition("/")[2]
            if "." in name and name in set(RunFile):
                yield node.value
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            right = node.right
            if isinstance(right, ast.Constant) and right.value in set(RunFile):
                yield right.value


@pytest.mark.parametrize("member", sorted(set(RunFile) - {RunFile.PROGRESS}))  # part of checkpoint/
def test_each_file_stands_in_the_table_of_the_architecture(member: RunFile) -> None:
    text = (PROJECT_DIR / "docs" / "architecture.md").read_text()
    (row,) = [line for line in text.splitlines() if line.startswith(f"| `{member}")]
    assert row.split("|")[2].strip().startswith(member.writer)


def test_literals_are_found() -> None:
    code = 'a / "stop"; b.glob("*/launch.json"); print("stop"); f"{c}/report.json"; d / "x.json"'
    assert sorted(find_file_names(ast.parse(code))) == ["*/launch.json", "/report.json", "stop"]


def test_no_other_module_names_a_file_of_a_run() -> None:
    found = {
        str(path.relative_to(PROJECT_DIR)): names
        for path in MODULES
        if (names := list(find_file_names(ast.parse(path.read_text()))))
    }
    assert found == {}
