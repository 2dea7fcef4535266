"""The functions that the inference worker answers with, by ONNX Runtime; no TensorFlow."""

from __future__ import annotations

import functools
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from fmnist import settings
from fmnist.classes import IMAGE_SIZE, N_CLASSES
from fmnist.classical.session import measure_milliseconds
from fmnist.errors import InferenceError, is_memory_error
from fmnist.regular_file import read_regular_file
from fmnist.runs.onnx_file import FEATURES, INPUT, MODEL_SHA256, PREDICT

_BATCH_IMAGES: Final = 32
"""Images per thread at a time: more are not faster, and take more memory."""

_SUM_TOLERANCE: Final = 0.01
"""Ten probabilities add up to 1 within a hundredth, even in 16-bit floats."""

# One batch per thread: one image does not need a second core, and many images use all cores.
_THREADS: Final = ThreadPoolExecutor(os.cpu_count() or 1)


def warm() -> bool:
    """Return at once: importing this module has loaded ONNX Runtime."""
    return True


def find_fault(path: str, model_sha256: str | None) -> str:
    """Return why a ``model.onnx`` can't be used, or an empty string.

    Args:
        path: the path of the file.
        model_sha256: SHA-256 of the ``model.keras`` that it must belong to; None for any.
    """
    try:
        session = _load_session(path, _stamp(path))
    except InferenceError as error:
        return str(error)
    except OSError as error:
        return f"{path} can't be read: {error.strerror or error}."
    source = session.get_modelmeta().custom_metadata_map.get(MODEL_SHA256)
    if model_sha256 is not None and source != model_sha256:
        return f"{path} was made from another model.keras."
    return ""


def compute(path: str, images: NDArray[np.uint8], output: str) -> NDArray[np.float32]:
    """Return an output of a network, float32 ``(n, …)``, for images, uint8 ``(n, 28, 28)``.

    Args:
        path: a ``model.onnx``.
        images: not empty.
        output: ``predict`` or ``features``.
    """
    session = _load_session(path, _stamp(path))

    def run(start: int) -> NDArray[np.float32]:
        part = images[start : start + _BATCH_IMAGES].astype(np.float32)[..., np.newaxis]
        values: NDArray[np.float32] = session.run([output], {INPUT: part})[0]
        return values

    if len(images) <= _BATCH_IMAGES:
        return run(0)
    return np.concatenate(list(_THREADS.map(run, range(0, len(images), _BATCH_IMAGES))))


def measure(path: str) -> float:
    """Return the median time to classify one image, in milliseconds, on one core."""
    _load_session(path, _stamp(path))  # raises if it isn't one of our networks
    return measure_milliseconds(Path(path))


def _stamp(path: str) -> tuple[int, int]:
    stat = Path(path).stat()
    return stat.st_mtime_ns, stat.st_size


@functools.lru_cache(maxsize=settings.LOADED_NETWORKS)
def _load_session(path: str, stamp: tuple[int, int]) -> onnxruntime.InferenceSession:  # noqa: ARG001
    """Load a network once; ``stamp`` makes a file that was replaced a new one.

    Raises:
        OSError: the file can't be read, or is too large.
        InferenceError: it is damaged, or isn't one of our networks.
    """
    content = read_regular_file(Path(path), settings.MAX_ONNX_BYTES)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it keeps what the largest batch took
    options.log_severity_level = 4  # errors are raised
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        _check_ends(path, session)
        _check_answers(path, session)
    except InferenceError:
        raise
    except Exception as error:  # ONNX Runtime's errors have no common base class
        if is_memory_error(error):
            raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InferenceError(f"{path} is damaged: {reason}.") from error
    return session


def _check_ends(path: str, session: onnxruntime.InferenceSession) -> None:
    inputs = [(each.name, each.shape[1:], each.type) for each in session.get_inputs()]
    outputs = {each.name: each.shape[1:] for each in session.get_outputs()}
    is_ours = (
        inputs == [(INPUT, [IMAGE_SIZE, IMAGE_SIZE, 1], "tensor(float)")]
        and outputs.get(PREDICT) == [N_CLASSES]
        and len(outputs.get(FEATURES, ())) == 1
    )
    if not is_ours:
        raise InferenceError(f"{path} is not a network that maps 28×28 pixels to ten classes.")


def _check_answers(path: str, session: onnxruntime.InferenceSession) -> None:
    """Check that a network answers a blank and a grey image with probabilities."""
    images = np.zeros((2, IMAGE_SIZE, IMAGE_SIZE, 1), np.float32)
    images[1] = 128
    y_proba = session.run([PREDICT], {INPUT: images})[0]
    is_sound = (y_proba >= 0).all() and (np.abs(y_proba.sum(axis=1) - 1) < _SUM_TOLERANCE).all()
    if not is_sound:  # NaN is neither
        raise InferenceError(f"{path} is damaged: its outputs aren't probabilities.")
