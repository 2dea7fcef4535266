"""Which libraries an import brings with it."""

from __future__ import annotations

import subprocess
import sys

from fmnist.settings import PROJECT_DIR

IMPORT_ALL = """
import importlib, sys
for name in sys.argv[2:]:
    importlib.import_module(name)
print(*sorted(set(sys.argv[1].split(",")) & set(sys.modules)))
"""


def imports_of(names: list[str], libraries: str) -> str:
    """Import modules in a fresh interpreter and return which of the libraries came with them."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, libraries, *names], cwd=PROJECT_DIR, text=True,
        capture_output=True, timeout=240, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
