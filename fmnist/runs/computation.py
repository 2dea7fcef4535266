"""A computation in a separate process, with its folder of process and progress records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from fmnist.errors import FmnistError, explain_write_error
from fmnist.runs.fields import Name, Share, Text
from fmnist.runs.files import write_json
from fmnist.runs.processes import is_alive
from fmnist.runs.records import Launch, Record

Report: TypeAlias = Callable[[str, float], object]
"""Called with what is being done and the fraction done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Progress(Record):
    """The progress of a computation.

    Attributes:
        what: the current step.
        share: the fraction done, 0 to 1.
        error: why it failed; otherwise empty.
    """

    what: Text = "Starting"
    share: Share = 0.0
    error: Text = ""


@dataclass(frozen=True, slots=True)
class Starter(Record):
    """Who started a computation.

    Attributes:
        owner: as runs name their owner.
    """

    owner: Name = ""


@dataclass(frozen=True, slots=True)
class Computation:
    """The folder of a computation, whose process may not have been started yet.

    Every method reads the disk.

    Attributes:
        path: the folder, in the cache folder.
    """

    path: Path

    @property
    def launch_path(self) -> Path:
        """Path of the record of its process."""
        return self.path / "process.json"

    @property
    def progress_path(self) -> Path:
        """Path of the record of its progress."""
        return self.path / "done.json"

    @property
    def owner_path(self) -> Path:
        """Path of the record of who started it."""
        return self.path / "owner.json"

    @property
    def log_path(self) -> Path:
        """Path of the output of its process."""
        return self.path / "process.log"

    def load_launch(self) -> Launch | None:
        """Read the record of the process; None if none was started."""
        return Launch.load(self.launch_path)

    def load_owner(self) -> str:
        """Read who started it last; empty if no one did."""
        return (Starter.load(self.owner_path) or Starter()).owner

    def load_progress(self) -> Progress:
        """Read the progress, which contains an error if the process died."""
        launch = self.load_launch()
        alive = launch is not None and is_alive(launch)
        found = Progress.load(self.progress_path) or Progress()
        if launch is not None and not alive and not found.error and found.share < 1:
            reason = f"The computation ended early. See {self.log_path}."
            return Progress(found.what, found.share, reason)
        return found

    @property
    def is_running(self) -> bool:
        """Whether its process is alive."""
        launch = self.load_launch()
        return launch is not None and bool(is_alive(launch))

    def report(self, what: str, share: float) -> None:
        """Write the progress."""
        write_json(self.progress_path, {"what": what, "share": min(share, 1.0)}, durable=False)

    def work(self, compute: Callable[[Report], object]) -> int:
        """Run the computation in this process and return the exit status.

        Args:
            compute: the computation; its errors are reported in the folder.
        """
        try:
            compute(self.report)
        except FmnistError as error:
            return self._fail(str(error))
        except OSError as error:
            return self._fail(explain_write_error(error, str(self.path)))
        self.report("Done", 1.0)
        return 0

    def _fail(self, reason: str) -> int:
        write_json(self.progress_path, {"what": "", "share": 0, "error": reason})
        return 1
