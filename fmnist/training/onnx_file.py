"""Writes a run's network as ``model.onnx``, which the program uses for predictions."""

from __future__ import annotations

import hashlib
from typing import Any

from fmnist.runs import Run
from fmnist.runs.files import write_bytes_atomically
from fmnist.runs.layout import RunFile


def write_onnx(run: Run, network: Any) -> None:
    """Write a run's ``model.onnx`` and compare it with Keras; a failure is only logged.

    A run without it is still complete: its network is converted when it is first used.

    Args:
        run: the run with the ``model.keras`` of this network.
        network: the Keras model.
    """
    try:
        # These need TensorFlow, which is missing if only JAX is installed.
        from fmnist.networks.onnx_export import export_onnx

        model_sha256 = hashlib.sha256((run.path / RunFile.MODEL).read_bytes()).hexdigest()
        write_bytes_atomically(run.path / RunFile.ONNX, export_onnx(network, model_sha256))
    # A run must not fail because of this file, and conversion libraries raise all kinds of errors.
    except Exception as error:  # noqa: BLE001
        (run.path / RunFile.ONNX).unlink(missing_ok=True)
        print(
            f"{RunFile.ONNX} was not written ({type(error).__name__}: {error}). It will be made "
            "when the run's network is first used.",
            flush=True,
        )
