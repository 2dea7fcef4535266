"""The result of a trial's run that has ended, and messages about it."""

from __future__ import annotations

from fmnist.errors import FmnistError, RunError
from fmnist.runs import Notes, Run, RunState, load_notes, load_summary, save_notes


def load_accuracy(run: Run) -> float:
    """Return the validation accuracy, since no choice is ever made on the test set.

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
    """Return why a run failed or is damaged, in a sentence."""
    if state is RunState.DAMAGED:
        return f"Its run is damaged. {load_summary(run).problem}"
    status = run.load_status()
    return (status and status.error) or "Its run failed."


def note_pruning(study: str, run: Run, epoch: int) -> str:
    """Return why a run was pruned, and add that to its notes.

    Args:
        study: name of its study.
        run: the run.
        epoch: the epoch after which it was pruned.
    """
    note = (
        f"Ended early by the study {study}: after epoch {epoch} it was below the median of the "
        "other trials."
    )
    try:
        notes = load_notes(run)
        if not notes.note:
            save_notes(run, Notes(note, (*notes.tags, "pruned")))
    except FmnistError:  # losing a note must not fail the trial
        pass
    return note
