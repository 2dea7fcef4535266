"""A real server on a free port, with its own folders, ended with everything it started."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PROJECT_DIR = Path(__file__).resolve().parents[2]

START_SECONDS = 90.0
"""How long a server may take until it answers; a loaded machine needs half a minute."""


@dataclass(frozen=True)
class Folders:
    """Where a server looks for its data, cache and runs."""

    archive: Path
    cache: Path
    models: Path

    def environment(self) -> dict[str, str]:
        """Return the environment of a program that uses these folders and never downloads."""
        return os.environ | {
            "FMNIST_ARCHIVE": str(self.archive),
            "FMNIST_CACHE": str(self.cache),
            "FMNIST_MODELS": str(self.models),
            "FMNIST_OFFLINE": "1",
            "PYTHONUNBUFFERED": "1",
        }


class LabServer:
    """``streamlit run app.py``; start it again after ``kill`` and it has the same address.

    ``module`` may name another module whose command line is Streamlit's; ``options`` follow it.
    """

    def __init__(
        self,
        folders: Folders,
        log: Path,
        module: str = "streamlit",
        options: Sequence[str] = (),
    ) -> None:
        self.folders = folders
        self.port = find_free_port()
        self.url = f"http://localhost:{self.port}"
        self._log = log
        self._module = module
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the server that runs now."""
        assert self._process is not None, "the server is not running"
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait until it says that it is healthy."""
        command = [sys.executable, "-m", self._module, "run", "app.py"]
        options = ["--server.port", str(self.port), "--server.headless", "true"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *options, *self._options],
                cwd=PROJECT_DIR,
                env=self.folders.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"The server did not start:\n{self.read_log()}")
            time.sleep(0.05)

    def read_log(self) -> str:
        """Return what the server has written, tracebacks included."""
        return self._log.read_text(errors="replace")

    def list_workers(self) -> list[psutil.Process]:
        """Return the processes that the server keeps for inference."""
        children: list[psutil.Process] = psutil.Process(self.pid).children(recursive=True)
        return children

    def kill(self) -> None:
        """Kill the server alone, as ``kill -9`` on its process does."""
        assert self._process is not None, "the server is not running"
        self._process.kill()
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        """End the server, its inference workers, and every training process of its folders."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        end_programs(self.folders.models)

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def end_programs(models: Path) -> None:
    """Kill every process that was started with this models folder: dispatchers and trainings."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("FMNIST_MODELS") == str(models):
                process.kill()


def copy_models(source: Path, target: Path) -> None:
    """Copy the finished runs of one models folder into another."""
    for report in source.glob("[!.]*/report.json"):
        shutil.copytree(report.parent, target / report.parent.name)


def train_tiny_run(folders: Folders, *, seconds: float = 300) -> None:
    """Train the baseline for two epochs as the run ``tiny``, by the command line.

    Raises:
        subprocess.SubprocessError: it failed or took longer than ``seconds``.
    """
    options = ["--network", "baseline", "--epochs", "2", "--run", "tiny"]
    try:
        subprocess.run(
            [sys.executable, "-m", "fmnist", "train", *options],
            cwd=PROJECT_DIR,
            env=folders.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=seconds,
        )
    finally:
        end_programs(folders.models)


def start_training(folders: Folders, name: str) -> Path:
    """Start a run of the baseline that takes minutes; return its directory."""
    code = (
        "from fmnist.launching import start_run; from fmnist.runs import Recipe;"
        f"start_run(Recipe('baseline', epochs=500), run_id={name!r})"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_DIR,
        env=folders.environment(),
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    return folders.models / name


def is_tensorflow_mapped(pid: int) -> bool:
    """Tell whether TensorFlow's library is in the memory of a process (Linux only)."""
    return "tensorflow" in Path(f"/proc/{pid}/maps").read_text(errors="replace")


def measure_memory(pid: int) -> float:
    """Return the resident memory of a process in MB, mapped files included."""
    return float(psutil.Process(pid).memory_info().rss) / 1e6


def find_free_port() -> int:
    """Return a port of localhost that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def find_real_archive(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder with the real data set that the environment or the checkout offers."""
    folder = Path(environment.get("FMNIST_ARCHIVE") or PROJECT_DIR / "archive").resolve()
    names = {path.name for path in folder.glob("*")} if folder.is_dir() else set()
    has_idx = any(name.startswith("train-images-idx3-ubyte") for name in names)
    has_csv = any(name.startswith("fashion-mnist_train.csv") for name in names)
    return folder if has_idx or has_csv or "archive.zip" in names else None
