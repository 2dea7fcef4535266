"""The export formats of a run, and the exports for pages, in the cache."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fmnist import settings
from fmnist.errors import FmnistError, InferenceError, RunError, explain_write_error
from fmnist.export_worker import FORMATS, Export, ExportWorker
from fmnist.inference.models import refuse_unfinished
from fmnist.runs import Run
from fmnist.runs.files import write_json

VERSION: Final = 2
"""Version of the writers; files of other versions are rewritten."""


def find_model(run: Run) -> Path:
    """Return the file from which a run's network is exported.

    Raises:
        InferenceError: the run has no model yet.
    """
    return run.model_path or run.onnx_path or refuse_unfinished(run)


def list_formats(run: Run) -> list[str]:
    """Return the ids of the formats available for a run.

    A classical model is not a Keras network: it has only its ``model.onnx``.
    """
    return ["onnx"] if run.model_path is None else list(FORMATS)


@dataclass(frozen=True, slots=True)
class ExportFolder:
    """The folder in the cache with the exports of one network; every method reads the disk.

    Attributes:
        path: the folder, named after the hashes of the network and the test set.
        run_id: the id of the run, which names the files.
        model: the file from which the network is exported.
    """

    path: Path
    run_id: str
    model: Path

    def file_path(self, kind: str) -> Path:
        """Return the path of the file in a format; folders are zipped."""
        name = FORMATS[kind].name_file(self.run_id)
        return self.path / (f"{name}.zip" if FORMATS[kind].is_folder else name)

    def record_path(self, kind: str) -> Path:
        """Return the path of the measurements."""
        return self.path / f"{kind}.json"

    def load_export(self, kind: str) -> Export | None:
        """Return the measurements, or None if the file has yet to be written."""
        try:
            export = Export.load(self.record_path(kind))
        except RunError:  # damaged: rewritten
            return None
        is_there = export is not None and (export.refusal or self.file_path(kind).is_file())
        return export if is_there else None


def open_export_folder(run: Run, test_fingerprint: str) -> ExportFolder:
    """Return the folder of a run's exports, which may not exist yet.

    Args:
        run: the run of the network.
        test_fingerprint: the fingerprint of the test set on which the exports are compared.

    Raises:
        InferenceError: the run has no model yet.
    """
    model = find_model(run)
    stat = model.stat()
    parts = (str(model), str(stat.st_mtime_ns), str(stat.st_size), test_fingerprint, str(VERSION))
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return ExportFolder(settings.cache_dir() / "exports" / key, run.run_id, model)


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """The progress of a requested export.

    Attributes:
        what: the current step.
        share: the fraction done, 0 to 1.
    """

    what: str
    share: float


class Exporter:
    """Writes the exports requested by pages one by one, in one process for all sessions.

    The process takes a gigabyte, so it runs only from the first request to the last.
    """

    def __init__(self) -> None:
        self._jobs: dict[tuple[ExportFolder, str], ExportProgress] = {}
        """The requested exports, in order; the first one is being written."""
        self._errors: dict[tuple[ExportFolder, str], FmnistError] = {}
        self._lock = threading.Lock()

    def request(self, folder: ExportFolder, kinds: Iterable[str]) -> None:
        """Request some formats; those already requested are not repeated."""
        with self._lock:
            is_idle = not self._jobs
            for kind in kinds:
                self._errors.pop((folder, kind), None)
                self._jobs.setdefault((folder, kind), ExportProgress("Waiting", 0.0))
            if is_idle and self._jobs:
                threading.Thread(target=self._work, daemon=True).start()

    def find_progress(self, folder: ExportFolder, kind: str) -> ExportProgress | None:
        """Return the progress of an export, or None if it is neither being written nor waiting."""
        return self._jobs.get((folder, kind))

    def find_error(self, folder: ExportFolder, kind: str) -> FmnistError | None:
        """Return why the latest attempt at an export failed, or None if it did not."""
        return self._errors.get((folder, kind))

    def _work(self) -> None:
        with ExportWorker() as worker:
            while (job := self._choose()) is not None:
                try:
                    self._export(worker, *job)
                except FmnistError as error:
                    self._errors[job] = error
                # Thread boundary: the page shows the error, and the next export is written.
                except Exception as error:  # noqa: BLE001
                    self._errors[job] = InferenceError(f"The export failed: {error}. Try again.")
                finally:
                    with self._lock:
                        self._jobs.pop(job)

    def _choose(self) -> tuple[ExportFolder, str] | None:
        with self._lock:
            return next(iter(self._jobs), None)

    def _export(self, worker: ExportWorker, folder: ExportFolder, kind: str) -> None:
        def report(what: str, share: float) -> None:
            self._jobs[folder, kind] = ExportProgress(what, share)

        report("Starting", 0.0)
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
            export = worker.export(folder.model, kind, folder.file_path(kind), report)
            write_json(folder.record_path(kind), export.to_dict())
        except OSError as error:
            raise InferenceError(explain_write_error(error, str(folder.path))) from error
        _limit_folders(folder.path)


def _limit_folders(newest: Path) -> None:
    """Delete the oldest folders if all together exceed their disk quota."""
    size = 0
    with suppress(OSError):  # another server may delete them, too
        newest.touch()
        folders = [path for path in newest.parent.iterdir() if path.is_dir()]
        for folder in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True):
            size += sum(path.stat().st_size for path in folder.iterdir())
            if size > settings.CACHED_EXPORT_BYTES and folder != newest:
                shutil.rmtree(folder)
