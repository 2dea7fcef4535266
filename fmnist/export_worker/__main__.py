"""The export worker: ``python -m fmnist.export_worker`` answers on its standard output.

Each request names a function of ``fmnist.export_worker.functions``.
"""

from __future__ import annotations

from functools import partial

from fmnist.network_process import answer_with
from fmnist.worker_process import answer_questions

if __name__ == "__main__":
    answer_questions(
        partial(answer_with, "fmnist.export_worker.functions", "TensorFlow and LiteRT")
    )
