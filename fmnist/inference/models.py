"""The ``model.onnx`` that answers for a run: its own, or one made from its ``model.keras``.

A run that was trained before the program wrote such files, that is being trained, or whose file is
damaged or older than its ``model.keras``, gets one in the cache folder, named by the hash of its
``model.keras``: a run directory has one writer and may be read-only.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

from cachetools import LRUCache

from fmnist import settings
from fmnist.errors import FmnistError, InferenceError, explain_write_error
from fmnist.keras_worker import convert_model
from fmnist.runs import Run
from fmnist.runs.files import write_bytes_atomically
from fmnist.runs.onnx_file import get_cached_path

FindFault: TypeAlias = Callable[[Path, str | None], str]
"""Why a ``model.onnx`` can't be used, or an empty string; see ``fmnist.onnx_worker.functions``."""

_Stamp: TypeAlias = tuple[int, int] | None
_REMEMBERED: Final = 64


class OnnxModels:
    """Finds the ``model.onnx`` of runs; converts each ``model.keras`` that lacks one once."""

    def __init__(self, find_fault: FindFault) -> None:
        """Find nothing yet.

        Args:
            find_fault: a function that loads a file in the inference worker.
        """
        self._find_fault = find_fault
        self._found: LRUCache[tuple[Path, _Stamp, _Stamp], Path] = LRUCache(_REMEMBERED)
        self._converting: dict[str, Future[Path]] = {}
        self._lock = threading.Lock()

    def find(self, run: Run) -> Future[Path]:
        """Return the run's file, which is done unless its network is being converted.

        The future raises ``FmnistError`` if the run has no network, or one that can't be used.
        """
        try:
            return self._find(run)
        except FmnistError as error:
            failed: Future[Path] = Future()
            failed.set_exception(error)
            return failed

    def _find(self, run: Run) -> Future[Path]:
        key = (run.path, _stamp(run.model_path), _stamp(run.onnx_path))
        with self._lock:
            found = self._found.get(key)
        if found is not None and found.is_file():
            return _finish(found)
        model_path, onnx_path = run.model_path, run.onnx_path
        path: Path | None
        if model_path is None:
            path = self._check_alone(run, onnx_path)
        else:
            sha256 = _digest(model_path)
            cached = get_cached_path(sha256)
            usable = (
                each
                for each in (onnx_path, cached)
                if each is not None and each.is_file() and not self._find_fault(each, sha256)
            )
            path = next(usable, None)
            if path is None:
                return self._convert(model_path, cached)
        with self._lock:
            self._found[key] = path
        return _finish(path)

    def _check_alone(self, run: Run, onnx_path: Path | None) -> Path:
        """Return the file of a run that has no ``model.keras``."""
        if onnx_path is None:
            refuse_unfinished(run)
        fault = self._find_fault(onnx_path, None)
        if fault:
            raise InferenceError(f"{fault} Restore the file or train the run again.")
        return onnx_path

    def _convert(self, model_path: Path, target: Path) -> Future[Path]:
        with self._lock:
            running = self._converting.get(target.name)
            if running is not None:
                return running
            done: Future[Path] = Future()
            self._converting[target.name] = done
        threading.Thread(target=self._write, args=(model_path, target, done), daemon=True).start()
        return done

    def _write(self, model_path: Path, target: Path, done: Future[Path]) -> None:
        try:
            content = convert_model(model_path)
            target.parent.mkdir(parents=True, exist_ok=True)
            write_bytes_atomically(target, content)
            _limit_folder(target.parent)
            done.set_result(target)
        except OSError as error:
            done.set_exception(InferenceError(explain_write_error(error, str(target))))
        # Any error: others wait for this future without a time limit.
        except Exception as error:  # noqa: BLE001
            done.set_exception(error)
        finally:
            with self._lock:
                self._converting.pop(target.name, None)


def refuse_unfinished(run: Run) -> NoReturn:
    """Report that a run has no model yet.

    Raises:
        InferenceError: always.
    """
    raise InferenceError(
        f"The run {run.run_id} has no model yet. Let it finish an epoch, or choose another run."
    )


def _finish(path: Path) -> Future[Path]:
    done: Future[Path] = Future()
    done.set_result(path)
    return done


def _stamp(path: Path | None) -> _Stamp:
    if path is None:
        return None
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InferenceError(
            f"{path} can't be read: {error.strerror or error}. Check the disk and the permissions."
        ) from error


def _limit_folder(folder: Path) -> None:
    """Delete the oldest files if all together exceed their share of the disk."""
    files = sorted(folder.glob("*.onnx"), key=lambda path: path.stat().st_mtime, reverse=True)
    size = 0
    for path in files:
        size += path.stat().st_size
        if size > settings.CACHED_ONNX_BYTES:
            path.unlink(missing_ok=True)
