"""The Keras backend of a training process: TensorFlow or JAX."""

from __future__ import annotations

import importlib
import os
from types import ModuleType
from typing import Final

from fmnist.errors import RunError
from fmnist.keras_env import configure_keras

BACKENDS: Final = ("tensorflow", "jax")
"""Supported Keras backends, the default first."""


def choose_backend() -> str:
    """Return the backend named by ``FMNIST_BACKEND``, or TensorFlow.

    Raises:
        RunError: it is not one of ``BACKENDS``.
    """
    name = os.environ.get("FMNIST_BACKEND", "").strip().lower() or BACKENDS[0]
    if name not in BACKENDS:
        raise RunError(f"FMNIST_BACKEND is {name!r}: set it to {' or '.join(BACKENDS)}.")
    return name


def import_backend() -> None:
    """Import the backend named by ``FMNIST_BACKEND``; must run before Keras is imported.

    TensorFlow must be imported before pandas, after which it hangs on macOS (streamlit issue 8974,
    keras issue 23083).

    Raises:
        RunError: there is no such backend, or it is not installed.
    """
    name = choose_backend()
    configure_keras(name)
    try:
        _keep_float32(importlib.import_module(name))
    except ModuleNotFoundError as error:
        raise RunError(
            f"FMNIST_BACKEND is {name}, which is not installed ({error}): "
            f"`pip install -r requirements{'-jax' if name == 'jax' else ''}.txt`, or unset it."
        ) from error


def _keep_float32(backend: ModuleType) -> None:
    """Make accelerators compute float32 in full, not rounded to TensorFloat-32's 10 bits.

    Networks are validated and tested in float32. With rounding, a run of ``cnn`` on an H200
    classified up to 3 of 10,000 test images differently from the same file on a CPU, with
    probabilities differing by up to 0.036. Training in bfloat16 is not affected.
    """
    if backend.__name__ == "jax":
        backend.config.update("jax_default_matmul_precision", "float32")
    else:
        backend.config.experimental.enable_tensor_float_32_execution(enabled=False)
