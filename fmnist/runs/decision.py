"""The decision for a run: what it was compared with, the facts for and against it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Final

from msgspec import Meta

from fmnist.errors import RunError
from fmnist.runs.fields import Date, Name, Text
from fmnist.runs.files import write_json
from fmnist.runs.layout import RunFile
from fmnist.runs.records import Record
from fmnist.runs.run import Run

MAX_REASON: Final = 2000
"""Longest reason in characters, as of a note."""

Facts = Annotated[tuple[Text, ...], Meta(max_length=50)]


@dataclass(frozen=True, slots=True)
class Decision(Record):
    """Why a run was chosen over others.

    Attributes:
        over: names of the runs that it was compared with.
        facts_for: recorded facts in favour of it, one sentence each.
        facts_against: recorded facts against it.
        reason: the reason given by the person who decided.
        author: their name, empty if unknown.
        created: ISO 8601, UTC.
    """

    over: Annotated[tuple[Name, ...], Meta(max_length=50)]
    facts_for: Facts
    facts_against: Facts
    reason: Text
    author: Name = ""
    created: Date = "1970-01-01"


def load_decision(run: Run) -> Decision | None:
    """Read the decision for a run, or None if there is none.

    Raises:
        RunError: ``decision.json`` can't be used; the message names it.
    """
    return Decision.load(run.path / RunFile.DECISION)


def save_decision(run: Run, decision: Decision) -> None:
    """Write the decision for a run, in place of an earlier one, with the present date.

    Raises:
        RunError: the reason is missing or too long, the run was deleted, or its directory can't be
            written.
    """
    reason = decision.reason.strip()
    if not 0 < len(reason) <= MAX_REASON:
        raise RunError(
            f"The reason has {len(reason):,} characters. Write a sentence or two, at most "
            f"{MAX_REASON:,} characters."
        )
    created = datetime.now(UTC).isoformat(timespec="seconds")
    values = decision.to_dict() | {"reason": reason, "created": created}
    try:
        write_json(run.path / RunFile.DECISION, values)
    except OSError as error:
        raise RunError(f"The decision for {run.run_id} can't be written: {error}.") from error
