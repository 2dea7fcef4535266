"""List what may be wrong in the data set: near copies, doubtful labels, outliers."""

from __future__ import annotations

import argparse
import json
from typing import Any

from fmnist.classes import CLASS_NAMES
from fmnist.commands.progress import report, show_progress
from fmnist.data import load_dataset
from fmnist.evaluation.metrics import compute_confusion, find_confusions
from fmnist.labels.folds import N_FOLDS, find_fold_runs, find_key
from fmnist.labels.issues import Issue, Labels, list_copies, list_doubtful, list_outliers
from fmnist.labels.scores import METHODS
from fmnist.labels.search import open_label_search, search
from fmnist.labels.verdicts import count_verdicts, load_verdicts
from fmnist.launching.label_check import start_fold_runs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=["list", "check"],
        default="list",
        help=f"list the issues, or start the check: {N_FOLDS} quick networks in the queue, for "
        "the doubtful labels",
    )
    parser.add_argument("--method", choices=list(METHODS), default="self_confidence",
                        help="score that ranks the doubtful labels")  # fmt: skip
    parser.add_argument("--count", type=int, default=20, help="most issues of each kind")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def run(options: argparse.Namespace) -> int:
    """Print the issues of each kind, the most suspicious first, or start the check.

    What was not searched before is searched now, for a minute or two.
    """
    dataset = load_dataset(report)
    fingerprint = dataset.fingerprints["train"]
    if options.action == "check":
        queued = start_fold_runs(fingerprint)
        names = [run.run_id for run in find_fold_runs(fingerprint) if run]
        if options.json:
            print(json.dumps({"queued": queued, "runs": names}))
        else:
            print(f"{queued} of {N_FOLDS} networks were queued: {', '.join(names)}")
        return 0
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
