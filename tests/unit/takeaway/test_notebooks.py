from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fmnist.__main__ import main
from fmnist.runs import Recipe, create_run
from fmnist.settings import PROJECT_DIR
from fmnist.takeaway.training import Training
from tests.support.in_keras_training import train_one

nbformat = pytest.importorskip("nbformat", reason="requirements-extras.txt is not installed")
pytest.importorskip("jupytext", reason="requirements-extras.txt is not installed")

from fmnist.takeaway.notebooks import (  # noqa: E402
    build_notebooks,
    pack_notebooks,
    strip_pictures,
    write_notebook,
)


def test_notebooks_of_a_run() -> None:
    recipe = Recipe("cnn", epochs=2, train_share=0.1, seed=3)
    notebooks = build_notebooks(Training(recipe, "mine"))
    assert list(notebooks) == [
        "fashion_mnist_eda", "fashion_mnist_baseline", "fashion_mnist_cnn_custom",
    ]  # fmt: skip
    for notebook in notebooks.values():
        nbformat.validate(notebook)
        kinds = {cell.cell_type for cell in notebook.cells}
        assert kinds == {"markdown", "code"}
    baseline = write_notebook(notebooks["fashion_mnist_baseline"])
    for setting in ("EPOCHS = 2", "TRAIN_SHARE = 0.1", "SEED = 3"):
        assert setting in baseline


def test_a_run_of_the_baseline_is_its_own() -> None:
    notebooks = build_notebooks(Training(Recipe("baseline", learning_rate=0.004), "mine"))
    assert list(notebooks) == ["fashion_mnist_eda", "fashion_mnist_baseline"]
    assert "LEARNING_RATE = 0.004" in write_notebook(notebooks["fashion_mnist_baseline"])


def test_the_same_run_gives_the_same_files() -> None:
    one, other = (build_notebooks(Training(Recipe("cnn"), "mine")) for _ in range(2))
    assert [*map(write_notebook, one.values())] == [*map(write_notebook, other.values())]


def test_pictures_are_left_out_and_charts_stay() -> None:
    notebook = build_notebooks(Training(Recipe("cnn"), "mine"))["fashion_mnist_cnn_custom"]
    chart = nbformat.v4.new_output("display_data", {"image/png": "aGk="})
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        cell.outputs = [chart]
    strip_pictures(notebook)
    drawn = [cell for cell in code if cell.outputs != [chart]]
    assert ["imshow(x_test" in cell.source for cell in code] == [cell in drawn for cell in code]
    assert "image/png" not in drawn[0].outputs[0].data


def test_zip_holds_every_notebook() -> None:
    packed = pack_notebooks(build_notebooks(Training(Recipe("cnn"), "mine")))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert len(archive.namelist()) == 3
        nbformat.reads(archive.read("fashion_mnist_eda.ipynb").decode(), as_version=4)


@pytest.mark.slow
@pytest.mark.processes
def test_notebooks_run_and_repeat_the_first_epoch(
    isolated: Path,
    in_keras: Callable[..., Any],
    tiny_archive: Path,
    tiny_cache: Path,
    tmp_path: Path,
) -> None:
    pytest.importorskip("nbclient")
    settings = {"network": "cnn", "epochs": 1, "precision": "float32", "label_smoothing": 0.1}
    folders = (str(tiny_archive), str(tiny_cache), str(isolated))
    in_keras(train_one, *folders, "mine", **settings)
    folder = tmp_path / "notebooks"
    command = ["notebooks", "mine", "-o", str(folder), "--execute", "--strip-pictures"]
    assert main(command) == 0
    # The program is out of reach of the folder where the notebooks ran.
    importing = [sys.executable, "-c", "import fmnist"]
    assert subprocess.run(importing, cwd=folder, check=False).returncode
    assert sorted(path.name for path in folder.glob("*.ipynb")) == [
        "fashion_mnist_baseline.ipynb", "fashion_mnist_cnn_custom.ipynb", "fashion_mnist_eda.ipynb",
    ]  # fmt: skip
    assert (folder / "fashion_mnist_cnn_custom.h5").stat().st_size > 1e6
    rows = (folder / "fashion_mnist_cnn_custom_history.csv").read_text().splitlines()
    script = dict(zip(rows[0].split(","), rows[1].split(","), strict=True))
    program = (isolated / "mine" / "history.csv").read_text().splitlines()
    ours = dict(zip(program[0].split(","), program[1].split(","), strict=True))
    assert float(script["loss"]) == pytest.approx(float(ours["loss"]), abs=1e-3)


def test_command_refuses_what_is_no_network(
    isolated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    create_run(Recipe("linear_svm"), run_id="mine")
    assert main(["notebooks", "mine", "-o", str(tmp_path)]) == 1
    assert "not a Keras network" in capsys.readouterr().err


SHIPPED = sorted((PROJECT_DIR / "notebooks").glob("*.ipynb"))


def test_three_notebooks_are_shipped() -> None:
    assert [path.stem for path in SHIPPED] == [
        "fashion_mnist_baseline", "fashion_mnist_cnn_custom", "fashion_mnist_eda",
    ]  # fmt: skip


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_notebook_is_executed_and_shows_charts_without_items(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    drawing = [cell for cell in code if any("image/png" in o.get("data", {}) for o in cell.outputs)]
    assert len(drawing) >= 2
    assert not any("pictures" in cell.metadata.get("tags", ()) for cell in drawing)
    assert not any(output.get("name") == "stderr" for cell in code for output in cell.outputs)
