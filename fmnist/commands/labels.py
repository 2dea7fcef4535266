"""List possible errors in the data set, judge images, and train with and without the edits."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any, Final

from fmnist.classes import CLASS_NAMES
from fmnist.commands.progress import report, show_progress
from fmnist.data import Dataset, load_dataset
from fmnist.errors import RunError
from fmnist.evaluation.metrics import compute_confusion, find_confusions
from fmnist.labels.folds import EPOCHS, N_FOLDS, QUICK, find_fold_runs, find_key
from fmnist.labels.issues import Issue, Labels, list_copies, list_doubtful, list_outliers
from fmnist.labels.scores import DEFAULT_METHOD, METHODS
from fmnist.labels.search import open_label_search, search
from fmnist.labels.verdicts import (
    Verdict,
    add_verdict,
    build_edits,
    count_verdicts,
    load_verdicts,
    name_pair,
    undo_verdict,
)
from fmnist.launching.label_check import start_edit_pair, start_fold_runs
from fmnist.runs import open_run

OWNER: Final = "command line"
"""Author of the verdicts of this command, and owner of the runs that it starts."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=["list", *_ACTIONS],
        default="list",
        help=f"list the issues; check: start {N_FOLDS} quick networks in the queue, for the "
        "doubtful labels; keep, relabel, exclude: judge an image; undo: take the last verdict "
        "back; train: queue a run with the edits that the verdicts make and one without",
    )
    parser.add_argument("split", nargs="?", choices=["train", "test"], help="of the image judged")
    parser.add_argument("row", nargs="?", type=int, help="of the image judged, from 0")
    parser.add_argument("--label", choices=CLASS_NAMES, metavar="CLASS", help="relabel as this")
    parser.add_argument("--reason", default="", help="of the verdict")
    parser.add_argument("--recipe", metavar="RUN",
                        help=f"train by this run's recipe (cnn, {EPOCHS} epochs)")  # fmt: skip
    parser.add_argument("--method", choices=list(METHODS), default=DEFAULT_METHOD,
                        help="score that ranks the doubtful labels")  # fmt: skip
    parser.add_argument("--count", type=int, default=20, help="most issues of each kind")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def run(options: argparse.Namespace) -> int:
    """Print the issues of each kind, most suspicious first, or run the requested action.

    What was not searched before is searched now, for a minute or two.

    Raises:
        FmnistError: there is no such image or run, or something can't be read or written.
    """
    dataset = load_dataset(report)
    if options.action == "list":
        return _list(dataset, options)
    values, text = _ACTIONS[options.action](dataset, options)
    print(json.dumps(values) if options.json else text)
    return 0


def _check(dataset: Dataset, _options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Start the networks of the check; return which, for JSON and in words."""
    fingerprint = dataset.fingerprints["train"]
    queued = start_fold_runs(fingerprint)
    names = [run.run_id for run in find_fold_runs(fingerprint) if run]
    text = f"{queued} of {N_FOLDS} networks were queued: {', '.join(names)}"
    return {"queued": queued, "runs": names}, text


def _judge(dataset: Dataset, options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Record a verdict and return it."""
    if options.split is None or options.row is None or options.row < 0:
        raise RunError(
            f"Name the image: `python -m fmnist labels {options.action} train 5`, its split and "
            "its row from 0."
        )
    label = None if options.label is None else CLASS_NAMES.index(options.label)
    verdict = Verdict(options.split, options.row, options.action, label, options.reason, OWNER)
    add_verdict(dataset, verdict)
    return {"verdict": verdict.to_dict()}, f"{_name(verdict)} was recorded."


def _undo(dataset: Dataset, _options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Undo the last verdict of this command and return it."""
    verdict = undo_verdict(dataset, OWNER)
    if verdict is None:
        return {"undone": None}, "There is no verdict of the command line to take back."
    return {"undone": verdict.to_dict()}, f"{_name(verdict)} was taken back."


def _name(verdict: Verdict) -> str:
    return f"{verdict.verdict.capitalize()} {verdict.split} no. {verdict.row:,}"


def _train(dataset: Dataset, options: argparse.Namespace) -> tuple[dict[str, Any], str]:
    """Queue a run with the verdicts' edits and one without; return their names."""
    edits = build_edits(load_verdicts(dataset))
    if not len(edits.rows):
        raise RunError("No verdict changes the training set. Judge a training image first.")
    base = options.recipe or "quick"
    recipe = open_run(base).recipe if options.recipe else QUICK
    start_edit_pair(recipe, base, edits, owner=OWNER)
    without, with_edits = name_pair(base, edits)
    text = (
        f"Queued: {without} and {with_edits}. When both are finished: "
        f"`python -m fmnist compare {without} {with_edits}`."
    )
    return {"without_edits": without, "with_edits": with_edits, "rows": len(edits.rows)}, text


_ACTIONS: Final[dict[str, Callable[[Dataset, argparse.Namespace], tuple[dict[str, Any], str]]]] = {
    "check": _check,
    "keep": _judge,
    "relabel": _judge,
    "exclude": _judge,
    "undo": _undo,
    "train": _train,
}
"""The actions other than listing: each returns its result for JSON and in words."""


def _list(dataset: Dataset, options: argparse.Namespace) -> int:
    fingerprint = dataset.fingerprints["train"]
    found = open_label_search(dataset)
    search(dataset, found, report)
    show_progress("")
    labels, pixels = Labels(dataset), found.load_pixels()
    assert pixels is not None  # just searched
    scores = found.load_scores(find_key(fingerprint))
    issues = [*list_copies(labels, pixels)[: options.count]]
    confused: list[dict[str, Any]] = []
    if scores is not None:
        issues += list_doubtful(labels, pixels, scores, options.method)[: options.count]
        train = scores.y_proba[: labels.n_train]
        counts = compute_confusion(dataset.y_train, train.argmax(axis=1))
        confused = [
            {"label": CLASS_NAMES[t], "predicted": CLASS_NAMES[p], "images": n}
            for t, p, n in find_confusions(counts, options.count)
        ]
    issues += list_outliers(labels, pixels)[: options.count]
    if options.json:
        values = {
            "folds": N_FOLDS,
            "training_seconds": scores.seconds if scores else None,
            "method": options.method if scores else None,
            "issues": [_build_values(issue) for issue in issues],
            "confused": confused,
            "verdicts": count_verdicts(list(load_verdicts(dataset).latest.values())),
        }
        print(json.dumps(values, indent=1))
        return 0
    for issue in issues:
        print(f"{issue.kind}: {issue.item.name}. {issue.reason}")
    for row in confused:
        print(f"Confused: {row['images']:,} labelled {row['label']} look like {row['predicted']}.")
    if scores is None:
        print("Doubtful labels need the check: `python -m fmnist labels check`.")
    return 0


def _build_values(issue: Issue) -> dict[str, Any]:
    item = issue.item
    return {
        "kind": issue.kind.value,
        "split": item.split,
        "row": item.row,
        "label": CLASS_NAMES[item.label],
        "score": issue.score,
        "suggestion": CLASS_NAMES[issue.suggestion],
        "reason": issue.reason,
        "others": [[other.split, other.row] for other in issue.others],
    }
