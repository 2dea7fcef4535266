"""Extracts parts of this program's source, for scripts that must compute the same.

A script reproduces a run only with the same split, the same random augmentation and the same
averaging, so it contains exactly these functions.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from typing import Final

from fmnist.settings import PROJECT_DIR

_TYPE_IGNORE: Final = re.compile(r"[ \t]*# type: ignore\[[\w-]+\]")


def find_source(place: str) -> str:
    """Return the source of a function, class or constant, without importing its module.

    Args:
        place: module and name, such as ``fmnist.data.split.count_folds``.

    Raises:
        LookupError: there is no such module, or it defines no such name.
    """
    module, _, name = place.rpartition(".")
    try:
        return _list_definitions(module)[name]
    except (OSError, KeyError) as error:
        raise LookupError(f"There is no {place} in this program.") from error


@lru_cache
def _list_definitions(module: str) -> dict[str, str]:
    text = PROJECT_DIR.joinpath(*module.split(".")).with_suffix(".py").read_text("utf-8")
    lines = text.splitlines()
    found = {}
    for node in ast.parse(text).body:
        source = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found[name] = _TYPE_IGNORE.sub("", source)
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = source
    return found
