"""Load an archive in a separate process, and measure it: ``python -m tests.support.loading``."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from fmnist.settings import PROJECT_DIR


@dataclass(frozen=True)
class Loading:
    """The program's output for an archive, its CPU time and its peak memory.

    ``seconds`` is CPU time, which is the same on busy and idle machines.
    """

    said: str
    seconds: float
    megabytes: float


def load_apart(archive: Path, cache: Path, timeout: float = 120) -> Loading:
    """Load ``archive`` as ``python -m fmnist data`` does, in a separate process."""
    env = os.environ | {
        "FMNIST_ARCHIVE": str(archive),
        "FMNIST_CACHE": str(cache),
        "FMNIST_OFFLINE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.loading"],
        env=env,
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(f"exit status {done.returncode}: {done.stderr[-2000:]}")
    said, seconds, megabytes = done.stdout.rsplit("\n", 3)[:3]
    return Loading(said, float(seconds), float(megabytes))


def measure(*, reset: bool = False) -> tuple[float, float]:
    """Return the seconds of the processor and the most megabytes this process has used.

    Args:
        reset: let the memory be measured from now on.
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    # Not ru_maxrss, which a process takes over from the one that started it.
    status = Path("/proc/self/status").read_text("ascii")
    kilobytes = int(status.partition("VmHWM:")[2].split()[0])
    return usage.ru_utime + usage.ru_stime, kilobytes / 1000


def main() -> None:
    """Load the data set; print what was said, the seconds and the megabytes."""
    from fmnist.data import load_dataset
    from fmnist.errors import DataError

    try:
        source = load_dataset().source
        said = " ".join((source.label, *source.notes))
    except DataError as error:
        said = str(error)
    sys.stdout.write("".join(f"{value}\n" for value in (said, *measure())))


if __name__ == "__main__":
    main()
