"""The table of limits for students, which a teacher can change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fmnist import settings
from fmnist.access import store
from fmnist.errors import AccessError

_WAITING_RUNS: Final = 3
"""Maximum number of a student's waiting runs: the next one, and two for comparison."""

_EPOCHS: Final = 100
"""Maximum epochs of a student's run: enough for every network's own recipe, at most 100."""

_PARAMETERS: Final = 9_000_000
"""Parameters of a student's network: every network fits in its widest default form."""

_TREES: Final = 100
"""Trees of a student's forest or boosting: every such model's own recipe can be fitted, which takes
up to ten minutes on two busy cores."""

_STUDIES: Final = 1
"""Maximum number of a student's active studies: one keeps the machine busy for minutes."""

_STUDY_RUNS: Final = 20
"""Maximum number of runs in a student's study: enough to search two settings; fifty people share
the queue."""

_MAPS: Final = 1
"""Maximum number of a student's maps that are computed or waiting: each takes both cores for up to
three minutes, and maps wait for each other."""

_DISK_MB: Final = 1000
"""Disk quota of a student, in MB: about a hundred runs; fifty students fill 50 GB."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit for each student.

    Attributes:
        name: key in ``LIMITS`` and in the database.
        label: its name with its unit, as the form shows it.
        default: its value until a teacher changes it.
        highest: the highest value that can be set; the lowest is 0.
        help: what is counted.
        remedy: what a student can do on reaching it.
    """

    name: str
    label: str
    default: int
    highest: int
    help: str
    remedy: str


LIMITS: Final = {
    limit.name: limit
    for limit in (
        Limit("waiting", "Runs waiting", _WAITING_RUNS, 1000,
              "Queued runs of a student; runs of their studies are not counted.",
              "Wait for one to start, or cancel one."),
        Limit("epochs", "Epochs of a run", _EPOCHS, 1000,
              "Of a run, and of each run of a study; for a classical model, passes.",
              "Choose fewer epochs."),
        Limit("parameters", "Parameters of a network", _PARAMETERS, 100_000_000,
              "Of a run's network, and of the widest network that a study may try.",
              "Choose a smaller width or network."),
        Limit("trees", "Trees of a model", _TREES, 500,
              "Of a random forest or of gradient boosting.",
              "Choose fewer trees."),
        Limit("studies", "Active studies", _STUDIES, 100,
              "Studies of a student that have not ended.",
              "Stop the one that is active, or wait for it."),
        Limit("study_runs", "Runs of a study", _STUDY_RUNS, 1000,
              "Trials or seeds.",
              "Choose fewer trials or seeds."),
        Limit("maps", "Maps at a time", _MAPS, 100,
              "Maps that a student has started and that are computed or wait.",
              "Wait for yours or cancel it."),
        Limit("disk_mb", "Disk (MB)", _DISK_MB, 1_000_000,
              "All runs of a student, including those of their studies and those in the trash.",
              "Erase deleted runs and studies, which also count, or ask your teacher for more."),
        Limit("upload_mb", "Uploads in memory (MB)", settings.SESSION_UPLOAD_MB, 10_000,
              "Uploaded files that one browser tab keeps at a time, including a teacher's.",
              "Remove some pictures."),
    )
}  # fmt: skip
"""The limits by name."""


def load_limits() -> dict[str, int]:
    """Return the value of every limit, as set by a teacher or by default.

    Raises:
        AccessError: the database can't be read.
    """
    saved = {row["name"]: row["value"] for row in store.query("SELECT name, value FROM limits")}
    return {name: int(saved.get(name, limit.default)) for name, limit in LIMITS.items()}


def save_limits(values: Mapping[str, int]) -> None:
    """Set limits by name.

    Raises:
        AccessError: there is no limit of that name, a value is out of its range, or the database
            can't be written; in that case nothing is set.
    """
    for name, value in values.items():
        limit = LIMITS.get(name)
        if limit is None:
            raise AccessError(f"There is no limit named {name!r}. There are: {', '.join(LIMITS)}.")
        if not 0 <= value <= limit.highest:
            raise AccessError(f"{limit.label} is {value:,}. Choose 0 to {limit.highest:,}.")
    with store.transaction() as database:
        database.executemany("REPLACE INTO limits VALUES (?, ?)", list(values.items()))


def check_limit(name: str, used: float) -> None:
    """Check what a student would use against a limit.

    Raises:
        AccessError: it is more than the limit allows; the message gives the remedy.
    """
    allowed = load_limits()[name]
    if used > allowed:
        raise AccessError(
            f"{LIMITS[name].label}: this would make {used:,.0f}, and a student may have "
            f"{allowed:,}. {LIMITS[name].remedy}"
        )
