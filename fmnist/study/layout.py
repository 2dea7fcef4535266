"""The layout of a study directory: the one place where its files are named."""

from __future__ import annotations

from enum import StrEnum

from fmnist.runs.layout import STUDY_PLAN


class StudyFile(StrEnum):
    """A file of a study directory: ``study.path / StudyFile.PLAN``.

    The page and the command line write the plan, the stop request, the marker that all runs are
    queued and, in the trash, the former name and a folder of the runs deleted with the study. The
    controller of a sweep writes the rest, and holds the lock while it runs.
    """

    PLAN = STUDY_PLAN
    STOP = "stop"
    QUEUED = "queued"
    DELETED = "deleted_runs.json"
    RUNS = "deleted_runs"
    STATUS = "controller.json"
    JOURNAL = "journal.log"
    LOCK = "controller.lock"
    LOG = "controller.log"
