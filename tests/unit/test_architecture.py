from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from fmnist.settings import PROJECT_DIR
from tests.support.imports import imports_of
from tests.support.sources import USER_INTERFACE, walk_modules

WITH_NETWORKS = ("build", "load", "onnx_export")
OF_THE_KERAS_WORKER = ("field", "functions", "gradients", "loaded", "stages", "trace")
WITH_KERAS = (
    *(f"fmnist.networks.{name}" for name in WITH_NETWORKS),
    *(f"fmnist.keras_worker.{name}" for name in OF_THE_KERAS_WORKER),
    *(f"fmnist.export_worker.{name}" for name in ("equalising", "folding", "functions", "writers")),
    "fmnist.lr_range.process", "fmnist.lr_range.__main__",
    "fmnist.training",
)  # fmt: skip


def all_modules() -> list[str]:
    names = []
    for path in sorted((PROJECT_DIR / "fmnist").rglob("*.py")):
        parts = path.relative_to(PROJECT_DIR).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def is_below(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def test_imports_keep_to_the_layers() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    if not command.exists():
        pytest.skip("import-linter is not installed: `make check` runs it")
    done = subprocess.run(
        [str(command), "--no-cache"], cwd=PROJECT_DIR, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.processes
def test_web_process_is_free_of_tensorflow() -> None:
    names = [name for name in all_modules() if not is_below(name, WITH_KERAS)]
    assert len(names) > 60
    assert imports_of(names, "tensorflow,keras,torch,jax") == ""


@pytest.mark.slow
def test_training_process_is_light() -> None:
    """Keras itself imports pandas and scikit-learn where they are; import-linter sees ours."""
    names = [name for name in all_modules() if is_below(name, ("fmnist.training",))]
    names.remove("fmnist.training.compiled_epoch")  # imported where the backend is JAX
    assert imports_of(names, "streamlit,plotly,polars") == ""


@pytest.mark.processes
def test_command_line_starts_without_what_only_some_commands_need() -> None:
    assert imports_of(["fmnist.__main__"], "tensorflow,keras,streamlit,plotly") == ""


@pytest.mark.processes
def test_dispatcher_is_light() -> None:
    heavy = "tensorflow,keras,streamlit,pandas,fmnist.data"
    assert imports_of(["fmnist.launching.__main__"], heavy) == ""


@pytest.mark.processes
def test_streamlit_belongs_to_the_pages() -> None:
    names = [name for name in all_modules() if not is_below(name, (*WITH_KERAS, "fmnist.ui"))]
    assert imports_of(names, "streamlit") == ""


@pytest.mark.parametrize("path", sorted((PROJECT_DIR / "pages").glob("*.py")), ids=lambda p: p.stem)
def test_pages_have_no_text_that_streamlit_would_show_by_itself(path: Path) -> None:
    """A text that stands alone, such as one below a constant, is drawn on the page."""
    shown = [
        ast.unparse(node)
        for node in ast.parse(path.read_text("utf-8")).body[1:]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ]
    assert shown == []


def test_sections_are_one_level_below_the_title_of_their_page() -> None:
    """A subheader is of level 3, so a screen reader would miss a level between."""
    skipping = {
        module
        for module, node in walk_modules(*USER_INTERFACE)
        if isinstance(node, ast.Attribute) and node.attr == "subheader"
    }
    assert not skipping
