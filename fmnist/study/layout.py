"""The layout of a study directory: the one place where its files are named."""

from __future__ import annotations

from enum import StrEnum


class StudyFile(StrEnum):
    """A file of a study directory: ``study.path / StudyFile.PLAN``.

    The page and the command line write the plan, the stop request and the marks; the controller of
    a sweep writes the rest and holds the lock while it lives.
    """

    PLAN = "study.json"
    STOP = "stop"
    QUEUED = "queued"
    DELETED_RUNS = "deleted_runs.json"
    STATUS = "controller.json"
    JOURNAL = "journal.log"
    LOCK = "controller.lock"
    LOG = "controller.log"
