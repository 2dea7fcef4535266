"""Writes a run as notebooks: exploration of the data, a baseline, and the run's network.

Their cells are those of the scripts in ``fmnist.takeaway.script``. Jupytext, nbformat and nbclient
are extras and imported on demand.
"""

from __future__ import annotations

import importlib.util
import io
import os
import zipfile
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fmnist import settings
from fmnist.errors import RunError
from fmnist.networks import find_network
from fmnist.takeaway.script import build_exploration, build_script
from fmnist.takeaway.training import Training

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

EXPLORATION: Final = "fashion_mnist_eda"
BASELINE: Final = "fashion_mnist_baseline"
"""Names of the notebooks that accompany each run's own."""

PICTURES: Final = "pictures"
"""Tag of cells that draw items of the data set."""

_LEFT_OUT: Final = "Pictures of items are left out here: run this cell to see them."
_KERNEL: Final = {"name": "python3", "display_name": "Python 3", "language": "python"}


def has_extras() -> bool:
    """Return whether the libraries for notebooks are installed, without loading them."""
    return all(importlib.util.find_spec(name) for name in ("jupytext", "nbformat"))


@contextmanager
def _need_extras() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise RunError(
            f"Notebooks need {error.name}, which is not installed: "
            "`pip install -r requirements-extras.txt`. The script needs nothing more."
        ) from error


def build_notebooks(training: Training) -> dict[str, NotebookNode]:
    """Return the notebooks of a run by name, not executed.

    The baseline is trained on the same images, for at most as many epochs, so that both are
    comparable; a run of the baseline has no other.

    Raises:
        RunError: the extras are not installed.
        RecipeError: the recipe can't be written as code; the message says why.
    """
    baseline = find_network("baseline").recipe
    own = training.recipe
    same_images = replace(
        baseline,
        epochs=min(baseline.epochs, own.epochs),
        train_share=own.train_share,
        validation_share=own.validation_share,
        validation_fold=own.validation_fold,
        seed=own.seed,
    )
    scripts = {
        EXPLORATION: build_exploration(),
        BASELINE: build_script(Training(same_images, "")),
        training.stem: build_script(training),
    }
    return {name: _convert(text) for name, text in scripts.items()}


def _convert(script: str) -> NotebookNode:
    with _need_extras():
        import jupytext

    notebook = jupytext.reads(script, fmt="py:percent")
    notebook.metadata = type(notebook)(kernelspec=_KERNEL)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"  # random otherwise, but the same run should give the same file
    return notebook


def execute_notebook(
    notebook: NotebookNode,
    folder: Path,
    report: Callable[[int, int], object],
    *,
    teacher: Path | None = None,
) -> None:
    """Run all cells of a notebook and keep their outputs in it.

    Args:
        notebook: the notebook, modified in place.
        folder: its working directory.
        report: called before each cell with its number, from 1, and the total.
        teacher: ``model.keras`` of the teacher; None if there is none.

    Raises:
        RunError: the extras are not installed, or a cell failed; the message ends with its error.
    """
    with _need_extras():
        import ipykernel  # noqa: F401 — the kernel that nbclient starts
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError

    def report_cell(cell: Any, cell_index: int) -> None:  # noqa: ARG001 — nbclient's names
        report(cell_index + 1, len(notebook.cells))

    client = NotebookClient(
        notebook,
        timeout=None,
        kernel_name=_KERNEL["name"],
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=report_cell,
    )
    # Without this program's Keras settings, since the notebook has its own.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KERAS_")}
    kept["FMNIST_ARCHIVE"] = str(settings.archive_dir())
    if teacher is not None:
        kept["TEACHER_FILE"] = str(teacher.absolute())
    try:
        client.execute(env=kept)
    except CellExecutionError as error:
        raise RunError(f"A cell failed with {error.ename}: {error.evalue}") from error


def strip_pictures(notebook: NotebookNode) -> None:
    """Replace outputs that show items of the data set with a sentence; charts are kept.

    Library messages about the machine on standard error are also removed.
    """
    with _need_extras():
        from nbformat.v4 import new_output

    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        outputs[:] = [each for each in outputs if each.get("name") != "stderr"]
        if PICTURES in cell.metadata.get("tags", ()):
            cell.outputs = [new_output("display_data", {"text/plain": _LEFT_OUT})]


def write_notebook(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    with _need_extras():
        import nbformat

    text: str = nbformat.writes(notebook)
    return text if text.endswith("\n") else f"{text}\n"


def pack_notebooks(notebooks: Mapping[str, NotebookNode]) -> bytes:
    """Return notebooks, by name, as a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, notebook in notebooks.items():
            packed.writestr(f"{name}.ipynb", write_notebook(notebook))
    return buffer.getvalue()
