"""URLs that no one should send: the parameters of every page, and values for them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np

from fmnist.settings import PROJECT_DIR

_READ = re.compile(r"(?:read_parameter|read_integer|read_float|\.follow|\.write)\(\s*\"(\w+)\"")
_BY_LABEL = ("state", "tag")  # of the filters of Runs, whose keys are made of their labels

VALUES_IN_A_URL = 16

GOOD = [
    "done", "waits", "failed", "sweep", "true", "false", "1", "0", "7-9", "Test", "Shirt", "24",
    "Mistakes", "Learning", "Per class", "Recipes", "Seeds", "seconds", "Table", "Upload",
    "Examples", "Distances", "baseline", "compact", "finished", "done,waits,failed", "trials",
    "other", "Layers", "Where it looks", "Nudge", "Nearest items", "t-SNE", "7-any", "Figures",
    "Sample of training images", "All pairs", "Decision", "Verdicts", "Doubtful labels", "Code",
    "Report", "Endpoint", "picture", "normalized_margin",
]  # fmt: skip
BAD = [
    *("", " ", ",", ",,,,", "%", "%zz", "`", "$x$", "{}", "[]", "\n", "\x00", "a\x00b", "\ufffd"),
    *("1e999", "-1e999", "nan", "-inf", "0x10", "1_000", "-1", "1.5", "9" * 20, "9" * 5_000, "٣"),
    *("../..", "../../etc/passwd", "/dev/zero", "..%2f..", "CON", "é" * 200, "😀", "\u202etxt"),
    *("![b](http://evil.example/x)", "<img src=x>", "<script>alert(1)</script>", ":material/home:"),
    *("[a](javascript:alert(1))", "'; DROP TABLE runs; --", "=cmd()", "\r\nSet-Cookie: a=b"),
    *("null", "None", "True", "__class__", "10-10", "-1--1", "0-0-0", "🧥-1"),
    *("a," * 9_000, "x" * 100_000),
]


def find_parameters() -> list[str]:
    """Return the names of all parameters that the modules of the user interface read."""
    names = set(_BY_LABEL)
    for folder in ("fmnist/ui", "pages"):
        for path in (PROJECT_DIR / folder).rglob("*.py"):
            names |= _find_in(path)
    return sorted(names)


def _find_in(path: Path) -> set[str]:
    text = path.read_text("utf-8")
    names = set(_READ.findall(text))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            keywords = {keyword.arg: keyword.value for keyword in node.keywords}
            key = keywords.get("key")
            is_choice = isinstance(node.func, ast.Name) and node.func.id == "render_choice"
            if ("bind" in keywords or is_choice) and isinstance(key, ast.Constant):
                names.add(str(key.value))
            parameter = keywords.get("parameter")
            if isinstance(parameter, ast.Constant):
                names.add(str(parameter.value))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id.strip("_") == "PARAMETER":
                names.add(str(node.value.value))
    return names


def draw_query(rng: np.random.Generator, names: list[str]) -> dict[str, str | list[str]]:
    """Draw sixteen parameters with a bad value each, or a good one, or several at once."""
    chosen = rng.permutation([*names, "unknown", "embed_options", "theme"])[:VALUES_IN_A_URL]
    return {str(name): _draw_value(rng) for name in chosen}


def _draw_value(rng: np.random.Generator) -> str | list[str]:
    pick = rng.random()
    if pick < 0.15:
        return str(rng.choice(GOOD))
    if pick < 0.75:
        return str(BAD[rng.integers(len(BAD))])
    if pick < 0.85:
        return [BAD[k] for k in rng.integers(len(BAD), size=3)]
    points = rng.integers(1, 0x3000, size=int(rng.integers(1, 60)))
    return "".join(map(chr, points))
