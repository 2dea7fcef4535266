"""The program's own modules as syntax trees, for tests of what its code may and must not say."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

from fmnist.settings import PROJECT_DIR

USER_INTERFACE = ("fmnist/ui", "pages")
"""The folders of all modules that draw on a page."""


@functools.cache
def list_nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return all nodes of a module's syntax tree; kept, since several tests walk the same ones."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def walk_modules(*places: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield each node of all modules in some folders, with its module's path in the project.

    Args:
        places: folders below the project's, with all that is in them, or single modules.
    """
    for place in places:
        given = PROJECT_DIR / place
        for path in sorted(given.rglob("*.py")) if given.is_dir() else [given]:
            name = path.relative_to(PROJECT_DIR).as_posix()
            for node in list_nodes(path):
                yield name, node
