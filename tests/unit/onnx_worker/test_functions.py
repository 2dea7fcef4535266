"""What the inference worker does with a ``model.onnx``, sound or not."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

from fmnist.onnx_worker.functions import compute, find_fault
from fmnist.runs.onnx_file import MODEL_SHA256, OPSET
from fmnist.settings import PROJECT_DIR
from tests.support.imports import imports_of

MODEL = PROJECT_DIR / "models" / "baseline" / "model.onnx"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copy(MODEL, tmp_path))


def change(path: Path, edit: str) -> None:
    model = onnx.load(path)
    if edit == "input":
        model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 32
        del model.graph.value_info[:]
    elif edit == "no features":
        kept = [output for output in model.graph.output if output.name != "features"]
        del model.graph.output[:]
        model.graph.output.extend(kept)
    elif edit == "no probabilities":
        softmax = next(node for node in model.graph.node if node.op_type == "Softmax")
        softmax.op_type = "Identity"
        del softmax.attribute[:]
    onnx.save(model, path)


def test_sound_file_has_no_fault(model: Path) -> None:
    assert find_fault(str(model), None) == ""
    found = onnx.load(model)
    assert {each.domain: each.version for each in found.opset_import}[""] == OPSET
    source = {each.key: each.value for each in found.metadata_props}[MODEL_SHA256]
    assert find_fault(str(model), source) == ""
    assert "was made from another model.keras" in find_fault(str(model), "0" * 64)


@pytest.mark.parametrize("content", [b"", b"no model", MODEL.read_bytes()[:100_000]])
def test_damaged_file_is_named(model: Path, content: bytes) -> None:
    model.write_bytes(content)
    assert find_fault(str(model), None).startswith(f"{model} is damaged: ")


def test_missing_file_is_named(model: Path) -> None:
    model.unlink()
    assert find_fault(str(model), None) == f"{model} can't be read: No such file or directory."


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ("input", "is not a network that maps 28×28 pixels to ten classes"),
        ("no features", "is not a network that maps 28×28 pixels to ten classes"),
        ("no probabilities", "its outputs aren't probabilities"),
    ],
)
def test_graph_that_is_no_network_of_ours_is_refused(model: Path, edit: str, words: str) -> None:
    change(model, edit)
    assert words in find_fault(str(model), None)


def test_many_images_are_answered_as_one_by_one(model: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (70, 28, 28)).astype(np.uint8)
    together = compute(str(model), images, "predict")
    assert (together.shape, together.dtype) == ((70, 10), np.float32)
    alone = [compute(str(model), image[None], "predict")[0] for image in images]
    np.testing.assert_allclose(together, alone, atol=1e-5)


@pytest.mark.processes
def test_worker_imports_only_what_it_answers_with() -> None:
    heavy = "tensorflow,keras,onnx,pandas,polars,sklearn,scipy,cv2,PIL,streamlit"
    assert imports_of(["fmnist.onnx_worker.functions"], heavy) == ""


@pytest.mark.processes
def test_worker_has_imported_numpy_before_it_takes_questions() -> None:
    """The thread that takes them met a half-imported NumPy, and the process ended."""
    assert "numpy" in imports_of(["fmnist.onnx_worker.__main__"], "numpy")
