"""The controller's process: ``python -m fmnist.study STUDY_DIR`` runs one sweep and ends."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from fmnist.errors import FmnistError
from fmnist.study import open_study
from fmnist.study.controller import Controller
from fmnist.study.journal import repair_journal
from fmnist.study.layout import StudyFile

LOCK_SECONDS: Final = 5.0
"""How long a new controller waits for an earlier one that is about to end."""


def work(path: Path) -> int:
    """Run the study in ``path`` and return the exit status: 0 unless it failed."""
    os.environ["FMNIST_MODELS"] = str(path.parent.parent)
    study = open_study(path.name)
    try:
        with FileLock(path / StudyFile.LOCK).acquire(timeout=LOCK_SECONDS):
            return _control(study.name)
    except Timeout:  # another controller is running
        return 0


def _control(name: str) -> int:
    study = open_study(name)
    if study.is_stop_requested:
        return 0
    repair_journal(study)
    controller = Controller(study)
    try:
        controller.run()
    # Process boundary: any failure is recorded in the study's directory.
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        known = isinstance(error, FmnistError | OSError)
        controller.fail(str(error) if known else f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(work(Path(sys.argv[1]).resolve()))
