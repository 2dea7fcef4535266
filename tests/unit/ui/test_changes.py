"""Whatever a page changes goes through a check of rights."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from fmnist.settings import PROJECT_DIR

GUARDED = ("fmnist/ui/shell/changes.py", "fmnist/ui/classroom/manage.py")
"""Each public function in them is one change, or a list of what may be changed."""

SIGNING_IN = ("fmnist/ui/shell/access.py", "fmnist/ui/shell/sign_in.py")
"""Whoever signs in or out has no rights yet."""

ROOMS = ("launching", "study", "runs", "lr_range", "access", "data.edits", "labels")
CHANGING = (
    "start_", "stop_", "resume_", "delete_", "restore_", "save_", "move_", "cancel_", "extend_",
    "create_", "append_", "write_", "replace_", "spawn", "stream_bundle", "make_", "give_",
    "revoke", "readmit", "sign_", "admit", "set_", "record_", "end_", "add_", "remove_", "store_",
    "undo_",
)  # fmt: skip
"""Name prefixes of functions that change something or hand out whole runs."""

METHODS = {
    "request_stop", "save", "save_status", "remove_shell", "unlink", "rename", "rmtree", "rmdir",
    "mkdir", "touch", "write_text", "write_bytes", "reload",
}  # fmt: skip
"""What pages never call themselves: it changes a run, a study, the data or the disk."""

STARTING = ("fmnist/ui/server/lifespan.py",)
"""Makes the PINs of a new class before anybody is there."""

SENDING = ("fmnist/ui/server/downloads.py",)
"""Sends the runs for which ``changes.offer_bundle`` has given an address."""


def find_changes(source: str) -> list[str]:
    """Return the state-changing functions that a module imports or calls."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            room = (node.module or "").removeprefix("fmnist.")
            if room == "fmnist":
                found += [alias.name for alias in node.names if alias.name in ROOMS]
            elif room.startswith(ROOMS):
                found += [a.name for a in node.names if a.name.startswith(CHANGING)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            found += [n for n in names if n.removeprefix("fmnist.").startswith(ROOMS)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found += [node.func.attr] if node.func.attr in METHODS else []
    return found


def list_modules() -> list[Path]:
    """Return every module that runs in a session."""
    return sorted([*PROJECT_DIR.glob("*.py"), *PROJECT_DIR.glob("pages/*.py"),
                   *PROJECT_DIR.glob("fmnist/ui/**/*.py")])  # fmt: skip


@pytest.mark.parametrize(
    "source",
    ["from fmnist.launching import start_run", "from fmnist.runs.trash import delete_run as d",
     "from fmnist import launching", "import fmnist.study.launch", "run.request_stop()",
     "from fmnist.access.roster import revoke", "path.unlink()"],
)  # fmt: skip
def test_a_change_is_found(source: str) -> None:
    assert find_changes(source)


@pytest.mark.parametrize("path", list_modules(), ids=lambda p: str(p.relative_to(PROJECT_DIR)))
def test_pages_change_nothing_but_through_the_guarded_modules(path: Path) -> None:
    name = path.relative_to(PROJECT_DIR).as_posix()
    if name not in (*GUARDED, *SIGNING_IN, *STARTING, *SENDING):
        assert find_changes(path.read_text("utf-8")) == []


@pytest.mark.parametrize("name", GUARDED)
def test_every_guarded_function_asks_first(name: str) -> None:
    tree = ast.parse((PROJECT_DIR / name).read_text("utf-8"))
    functions = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", "list_"))
    ]
    assert len(functions) > 5
    for function in functions:
        statements = [ast.unparse(part) for part in function.body]
        asks = [number for number, text in enumerate(statements) if "permit(Action." in text]
        assert asks, f"{function.name} asks nobody"
        calls = [
            ast.unparse(node.func).rpartition(".")[2]
            for part in function.body[: asks[0]]
            for node in ast.walk(part)
            if isinstance(node, ast.Call)
        ]
        changes = [name for name in calls if name.startswith(CHANGING)]
        assert not changes, f"{function.name} changes something before it asks"
