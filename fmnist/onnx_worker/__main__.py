"""The inference worker: ``python -m fmnist.onnx_worker`` answers on its standard output.

Each request names a function of ``fmnist.onnx_worker.functions``.
"""

from __future__ import annotations

from functools import partial

# Before a second thread unpickles the arrays of a request: while the first one imports NumPy, that
# raises an error.
import numpy as np  # noqa: F401

from fmnist.network_process import answer_with
from fmnist.worker_process import answer_questions

if __name__ == "__main__":
    answer_questions(partial(answer_with, "fmnist.onnx_worker.functions", "ONNX Runtime"))
