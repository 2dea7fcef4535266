"""The functions that the export worker answers with; TensorFlow is imported here and first."""

from __future__ import annotations

import functools
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import absl.logging
import keras
import numpy as np
from numpy.typing import NDArray

from fmnist.data import Dataset, load_dataset
from fmnist.export_worker.compare import Export, compare_answers, find_refusal
from fmnist.export_worker.formats import FORMATS
from fmnist.export_worker.readers import Predict, load_export, load_onnx
from fmnist.export_worker.writers import choose_calibration, write_litert, write_network
from fmnist.network_process import mute_standard_error
from fmnist.networks.load import load_network
from fmnist.runs.files import write_json

# Keras warns through absl that .h5 is an older format; the person who exports one has chosen it.
absl.logging.set_verbosity(absl.logging.ERROR)

Report: TypeAlias = Callable[[str, float], None]

_BATCH_IMAGES: Final = 250

_WARMING: Final = 3
"""First calls, which prepare buffers and are not timed."""

_TIMED: Final = 30
"""Calls whose median is the time per image."""


def warm() -> bool:
    """Prepare the device; importing this module has loaded TensorFlow, which takes seconds."""
    return bool(np.asarray(keras.ops.ones(())))


@mute_standard_error()  # LiteRT writes there when it is asked first
def export(model: str, kind: str, target: str, progress: str) -> Export:
    """Write a network in one format, load the file again and compare it with the network.

    Args:
        model: a ``model.keras``; the ``model.onnx`` of a run that isn't a Keras network.
        kind: id of the format.
        target: the file; with the ending ``.zip``, a packed folder.
        progress: a JSON file that says what is being done, and the share of it that is done.

    Raises:
        OSError: the target can't be written.
        InferenceError: the network can't be used.
    """
    model_path, path = Path(model), Path(target)

    def report(what: str, share: float) -> None:
        write_json(Path(progress), {"what": what, "share": share}, durable=False)

    report("Writing", 0.0)
    dataset = load_dataset()
    written = path.with_suffix("") if path.suffix == ".zip" else path
    _write(model_path, kind, written, dataset)
    predict = load_export(kind, written)
    expected = _compute_expected(model_path, dataset, report)
    answers = _predict_all(predict, dataset.x_test, lambda share: report("Comparing", share))
    comparison = compare_answers(dataset.y_test, expected, answers)
    milliseconds = _measure(predict, dataset.x_test)
    n_bytes = sum(each.stat().st_size for each in _list_files(written))
    if written != path:
        shutil.make_archive(str(written), "zip", written.parent, written.name)
    refusal = find_refusal(comparison, FORMATS[kind])
    return Export(kind, n_bytes, milliseconds, comparison, dataset.source.label, refusal)


def _write(model_path: Path, kind: str, target: Path, dataset: Dataset) -> None:
    if model_path.suffix == ".onnx":
        shutil.copyfile(model_path, target)
        return
    network = _load(model_path, model_path.stat().st_mtime_ns)
    if kind == "litert":
        write_litert(network, target, None)
    elif kind == "litert-int8":
        write_litert(network, target, choose_calibration(dataset.x_train))
    else:
        write_network(network, kind, target, model_path)


@functools.lru_cache(maxsize=1)
def _load(path: Path, changed: int) -> keras.Model:  # noqa: ARG001
    return load_network(str(path))


_expected: dict[tuple[Path, int, str], NDArray[np.float32]] = {}


def _compute_expected(path: Path, dataset: Dataset, report: Report) -> NDArray[np.float32]:
    """Return the answers of the run's network, which all formats are compared with."""
    changed = path.stat().st_mtime_ns
    key = (path, changed, dataset.fingerprints["test"])
    if key not in _expected:
        is_keras = path.suffix == ".keras"
        predict = _load(path, changed).predict_on_batch if is_keras else load_onnx(path)
        _expected[key] = _predict_all(
            predict, dataset.x_test, lambda share: report("Asking the network", share)
        )
    return _expected[key]


def _as_batch(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return images.astype(np.float32)[..., np.newaxis]


def _predict_all(
    predict: Predict, images: NDArray[np.uint8], report: Callable[[float], None]
) -> NDArray[np.float32]:
    parts = []
    for start in range(0, len(images), _BATCH_IMAGES):
        report(start / len(images))
        parts.append(predict(_as_batch(images[start : start + _BATCH_IMAGES])))
    return np.concatenate(parts)


def _measure(predict: Predict, images: NDArray[np.uint8]) -> float:
    """Return the median time to classify one image, in milliseconds."""
    image = _as_batch(images[:1])
    seconds = []
    for _ in range(_WARMING + _TIMED):
        start = time.perf_counter()
        predict(image)
        seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds[_WARMING:])


def _list_files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
