"""The result of the run of a trial that has ended, and messages about it."""

from __future__ import annotations

from fmnist.errors import FmnistError, RunError
from fmnist.runs import Notes, Run, RunState, load_notes, load_summary, save_notes


def load_accuracy(run: Run) -> float:
    """Return the validation accuracy: no choice is ever made on the test set.

    Raises:
        RunError: the report is gone or has no validation accuracy.
    """
    report = run.load_report()
    if report is None or report.validation_accuracy is None:
        raise RunError(
            f"{run.report_path} was deleted or holds no validation accuracy. Restore the file or "
            "delete the study."
        )
    return report.validation_accuracy


def explain_failure(run: Run, state: RunState) -> str:
    """Return why a run failed or is damaged, for a person."""
    if state is RunState.DAMAGED:
        return f"Its run is damaged. {load_summary(run).problem}"
    status = run.load_status()
    return (status and status.error) or "Its run failed."


def note_pruning(study: str, run: Run, epoch: int) -> str:
    """Return why a run was pruned, and add that to its notes.

    Args:
        study: name of its study.
        run: the run.
        epoch: the epoch after which the study ended it.
    """
    note = (
        f"Ended early by the study {study}: after epoch {epoch} it was below the median of the "
        "other trials."
    )
    try:
        notes = load_notes(run)
        if not notes.note:
            save_notes(run, Notes(note, (*notes.tags, "pruned")))
    except FmnistError:  # a trial is worth more than its note
        pass
    return note
