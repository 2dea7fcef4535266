"""Ask the export worker; this side never imports TensorFlow."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from fmnist import settings
from fmnist.errors import InferenceError, explain_write_error
from fmnist.export_worker.compare import Export
from fmnist.keras_env import build_keras_environment
from fmnist.network_process import NetworkProcess
from fmnist.runs.files import load_json

_ENVIRONMENT: Final = {
    **build_keras_environment(),
    "TF_CPP_MIN_LOG_LEVEL": "3",  # errors reach the caller as exceptions
    # Times are those of one thread, and the other cores stay free.
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}

_POLL_SECONDS: Final = 0.2
"""How often the progress is read."""


class ExportWorker:
    """One process for the exports of a ``with`` block, started by the first of them."""

    def __init__(self) -> None:
        self._process = NetworkProcess(
            "fmnist.export_worker", "TensorFlow and LiteRT", _ENVIRONMENT
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.end()

    def export(
        self, model: Path, kind: str, target: Path, report: Callable[[str, float], object]
    ) -> Export:
        """Write a network in one format, compare the file, and keep it if it answers as it should.

        Args:
            model: a ``model.keras``; the ``model.onnx`` of a run that isn't a Keras network.
            kind: id of the format.
            target: the file, or folder of a SavedModel, which is packed if this ends in ``.zip``.
                An existing one is replaced once the new one is complete; if the new one is refused,
                it stays. The folder above it exists.
            report: called with what is being done and the fraction done, 0 to 1.

        Raises:
            InferenceError: the network can't be used, the target can't be written, or it took
                longer than ``settings.EXPORT_SECONDS``.
        """
        if target.is_dir() and not (target / "saved_model.pb").is_file():
            raise InferenceError(
                f"{target} is a folder with other content. Move it, or choose another folder."
            )
        try:
            # Made here rather than in the worker, which may be killed: nothing is left behind.
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as folder:
                written, progress = Path(folder, target.name), Path(folder, "doing.json")
                done = self._ask("export", str(model), kind, str(written), str(progress))
                while not done.done():
                    wait([done], _POLL_SECONDS)
                    if (found := load_json(progress)) is not None:
                        report(found["what"], found["share"])
                export: Export = done.result()
                if not export.refusal:
                    if target.is_dir():
                        shutil.rmtree(target)
                    written.replace(target)
        except OSError as error:
            raise InferenceError(explain_write_error(error, str(target))) from error
        return export

    def _ask(self, function: str, *arguments: str) -> Future[Any]:
        """Ask from a thread that does not hold up the end of the program."""
        done: Future[Any] = Future()

        def ask() -> None:
            try:
                seconds = settings.EXPORT_SECONDS
                done.set_result(self._process.call(function, *arguments, seconds=seconds))
            # Any error: the caller raises it.
            except Exception as error:  # noqa: BLE001
                done.set_exception(error)

        threading.Thread(target=ask, daemon=True).start()
        return done
