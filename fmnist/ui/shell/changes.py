"""Everything that a page can change, with a check of rights and limits.

Pages call these functions instead of their namesakes in lower packages;
``tests/unit/ui/test_changes.py`` enforces that. Outside classroom mode, they add nothing.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fmnist import launching, runs, settings, study
from fmnist.access.roles import Action
from fmnist.data import Dataset, edits_folder
from fmnist.data.edits import Edits
from fmnist.embedding.store import MapRequest, open_embedding
from fmnist.labels import verdicts
from fmnist.labels.search import LabelSearch
from fmnist.labels.verdicts import Verdict
from fmnist.launching import computation, label_check, lr_range
from fmnist.lr_range.record import RangeTest
from fmnist.runs import Decision, Notes, Recipe, Run
from fmnist.runs.owners import find_person, load_deleted_person, load_person
from fmnist.runs.trash import trash_dir
from fmnist.study import Study, StudyPlan
from fmnist.study.trash import load_deleted_owner
from fmnist.takeaway.exports import ExportFolder
from fmnist.ui.shell.access import find_reason, permit
from fmnist.ui.shell.download_links import add_bundle_link, add_file_link
from fmnist.ui.shell.resources import get_data_holder, get_exporter
from fmnist.ui.shell.session import get_owner
from fmnist.ui.shell.usage import check_map, check_run, check_study

_COUNTING: Final = threading.Lock()
"""Held while a person's studies or maps are counted and one is started, so that simultaneous
requests see each other."""


def start_run(recipe: Recipe, *, run_id: str | None) -> Run:
    """Queue a new run for the person using this session; see ``fmnist.launching``.

    Raises:
        AccessError: they may not, or a limit would be exceeded.
        FmnistError: as in ``fmnist.launching.start_run``.
    """
    with permit(Action.START_RUN, run_id or f"new {recipe.network}") as person:
        check_queue = check_run(person, recipe)
        return launching.start_run(
            recipe, run_id=run_id, owner=get_owner(), check_queue=check_queue
        )


def stop_run(run: Run) -> None:
    """Stop a run or remove it from the queue."""
    with permit(Action.STOP_RUN, run.run_id, find_person(run.owner)):
        launching.stop_run(run)


def resume_run(run: Run) -> None:
    """Queue a run that has ended early again."""
    with permit(Action.RESUME_RUN, run.run_id, find_person(run.owner)) as person:
        launching.resume_run(run.run_id, check_queue=check_run(person, run.recipe))


def delete_run(run: Run) -> None:
    """Move a run to the trash."""
    with permit(Action.DELETE_RUN, run.run_id, find_person(run.owner)):
        runs.delete_run(run)


def list_restorable() -> list[str]:
    """Return the names of the deleted runs that this session may restore."""
    deleted = runs.list_deleted()
    if not settings.is_classroom():
        return deleted
    people = {run_id: load_person(trash_dir() / run_id) for run_id in deleted}
    return [run_id for run_id in deleted if not find_reason(Action.RESTORE_RUN, people[run_id])]


def restore_run(run_id: str) -> None:
    """Restore a run from the trash."""
    with permit(Action.RESTORE_RUN, run_id, load_deleted_person(run_id)):
        runs.restore_run(run_id)


def erase_run(run_id: str) -> None:
    """Remove a run from the trash, for good."""
    with permit(Action.DELETE_RUN, f"{run_id} for good", load_deleted_person(run_id)):
        runs.erase_run(run_id)


def save_notes(run: Run, notes: Notes) -> None:
    """Replace the notes of a run."""
    with permit(Action.ANNOTATE_RUN, run.run_id, find_person(run.owner)):
        runs.save_notes(run, notes)


def save_decision(run: Run, decision: Decision, reason: str) -> None:
    """Record why a run was chosen, in place of an earlier decision."""
    with permit(Action.ANNOTATE_RUN, run.run_id, find_person(run.owner)):
        runs.save_decision(run, dataclasses.replace(decision, reason=reason))


def move_run(run: Run, steps: int) -> None:
    """Move a waiting run in the queue."""
    with permit(Action.MOVE_RUN, run.run_id, find_person(run.owner)):
        launching.move_run(run, steps)


def offer_bundle(chosen: Sequence[Run]) -> str:
    """Return a URL for downloading runs as a zip file, valid once for a short time."""
    for run in chosen:
        with permit(Action.DOWNLOAD_RUN, run.run_id, find_person(run.owner)):
            pass
    return add_bundle_link([run.run_id for run in chosen])


def start_exports(run: Run, folder: ExportFolder, kinds: Sequence[str]) -> None:
    """Export a run's network in several formats, in the background."""
    with permit(Action.DOWNLOAD_RUN, run.run_id, find_person(run.owner)):
        get_exporter().request(folder, kinds)


def offer_export(run: Run, folder: ExportFolder, kind: str) -> str:
    """Return a URL for downloading a run's export, valid once for a short time."""
    with permit(Action.DOWNLOAD_RUN, run.run_id, find_person(run.owner)):
        path = folder.file_path(kind)
        return add_file_link(path, path.name)


def start_range_test(test: RangeTest, recipe: Recipe) -> None:
    """Start a learning-rate range test."""
    with permit(Action.START_RANGE_TEST, recipe.network) as person:
        check_run(person, recipe)
        lr_range.start_range_test(test, recipe, owner=get_owner())


def cancel_range_test(test: RangeTest) -> None:
    """End a learning-rate range test."""
    with permit(Action.CANCEL_RANGE_TEST, test.key, test.owner):
        lr_range.cancel_range_test(test)


def start_study(plan: StudyPlan, *, name: str | None, owner: str) -> Study:
    """Start a study.

    Args:
        plan: the plan of its runs.
        name: its name; None for a generated one.
        owner: its owner outside classroom mode.
    """
    with permit(Action.START_STUDY, name or f"new {plan.kind}") as person, _COUNTING:
        check_study(person, plan)
        owner = get_owner() if settings.is_classroom() else owner
        return study.start_study(plan, name=name, owner=owner)


def stop_study(chosen: Study) -> None:
    """Stop a study and its runs."""
    with permit(Action.STOP_STUDY, chosen.name, chosen.owner):
        study.stop_study(chosen)


def resume_study(chosen: Study) -> None:
    """Resume a study that has ended early."""
    with permit(Action.RESUME_STUDY, chosen.name, chosen.owner) as person, _COUNTING:
        check_study(person, chosen.plan)
        study.resume_study(chosen)


def extend_study(chosen: Study, *, trials: int, minutes: float) -> None:
    """Add runs to a study."""
    with permit(Action.EXTEND_STUDY, chosen.name, chosen.owner) as person, _COUNTING:
        check_study(person, chosen.plan, more=trials)
        study.extend_study(chosen, trials=trials, minutes=minutes)


def delete_study(chosen: Study, *, with_runs: bool) -> None:
    """Move a study to the trash."""
    with permit(Action.DELETE_STUDY, chosen.name, chosen.owner):
        study.delete_study(chosen, with_runs=with_runs)


def restore_study(name: str) -> None:
    """Restore a study from the trash."""
    with permit(Action.RESTORE_STUDY, name, load_deleted_owner(name)):
        study.restore_study(name)


def list_restorable_studies() -> list[str]:
    """Return the names of the deleted studies that this session may restore."""
    deleted = study.list_deleted_studies()
    if not settings.is_classroom():
        return deleted
    return [n for n in deleted if not find_reason(Action.RESTORE_STUDY, load_deleted_owner(n))]


def erase_study(name: str) -> None:
    """Remove a study from the trash, for good."""
    with permit(Action.DELETE_STUDY, f"{name} for good", load_deleted_owner(name)):
        study.erase_study(name)


def store_edits(name: str, content: bytes) -> Path:
    """Store an uploaded file of edited rows, available to everyone."""
    with permit(Action.UPLOAD_EDITS, name):
        return edits_folder.store_edits(name, content)


def start_fold_runs(fingerprint: str) -> int:
    """Queue the networks that find doubtful labels; return how many."""
    with permit(Action.CHECK_LABELS, "folds"):
        return label_check.start_fold_runs(fingerprint)


def start_label_search(found: LabelSearch) -> None:
    """Start the search for label issues."""
    with permit(Action.CHECK_LABELS, "search"):
        label_check.start_label_search(found)


def cancel_label_search(found: LabelSearch) -> None:
    """End the search for label issues."""
    with permit(Action.CHECK_LABELS, "search"):
        computation.cancel_computation(found)


def start_map(request: MapRequest) -> None:
    """Start the process that computes a map, visible to everyone."""
    run, method, split = request.run.run_id, request.method, request.split
    with permit(Action.COMPUTE_MAP, f"{run} {method} {split}") as person, _COUNTING:
        check_map(person)
        computation.start_computation(
            open_embedding(request), "fmnist.embedding", run, method, split, owner=get_owner()
        )


def cancel_map(request: MapRequest) -> None:
    """End the process that computes a map; anyone may start it again."""
    with permit(Action.COMPUTE_MAP, f"{request.run.run_id} cancel"):
        computation.cancel_computation(open_embedding(request))


def add_verdict(dataset: Dataset, verdict: Verdict) -> None:
    """Record this person's verdict on an image."""
    with permit(Action.JUDGE_LABELS, f"{verdict.split} {verdict.row}"):
        verdicts.add_verdict(dataset, dataclasses.replace(verdict, author=get_owner()))


def undo_verdict(dataset: Dataset) -> Verdict | None:
    """Undo this person's last verdict."""
    with permit(Action.JUDGE_LABELS, "undo"):
        return verdicts.undo_verdict(dataset, get_owner())


def start_edit_pair(recipe: Recipe, base: str, edits: Edits) -> None:
    """Queue a run with edits and one without."""
    with permit(Action.START_RUN, f"{base} with and without edits") as person:
        check_run(person, recipe)
        label_check.start_edit_pair(recipe, base, edits, owner=get_owner())


def reload_data(*, download: bool = False, demo: bool = False) -> None:
    """Load the data set again, for everyone."""
    with permit(Action.RELOAD_DATA, "download" if download else "demo set" if demo else "folder"):
        get_data_holder().reload(download=download, demo=demo)
