"""Classify picture files: photos, drawings or images of the data set."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from fmnist import settings
from fmnist.classes import CLASS_NAMES
from fmnist.commands.progress import show_progress, wait_for_network
from fmnist.errors import FmnistError, ImageError, RunError
from fmnist.images import get_picture_pool
from fmnist.images.decode import check_size
from fmnist.inference import InferencePool, decide_verdict, describe_doubt, predict_pictures
from fmnist.runs import Run, list_runs, open_run

DEFAULT_RUNS = ("outside", "cnn")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "files", metavar="FILE", nargs="+", type=Path, help="pictures, one garment each"
    )
    parser.add_argument(
        "--run", metavar="NAME", help=f"the run whose network predicts ({DEFAULT_RUNS[0]})"
    )
    parser.add_argument(
        "--kind",
        choices=("photo", "drawing", "auto"),
        default="auto",
        help="what the pictures are; auto (the default) decides for each",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")


def run(options: argparse.Namespace) -> int:
    """Print an answer for each file, in order; the exit status is 1 if any can't be answered."""
    chosen = _choose_run(options.run)
    pool = InferencePool()
    pool.warm()
    wait_for_network(pool.prepare(chosen), chosen.run_id)
    failed = False
    for number, path in enumerate(options.files, start=1):
        show_progress(f"{number} of {len(options.files)}")
        answer = answer_file(pool, chosen, path, options.kind)
        failed |= "error" in answer
        show_progress("")
        print(json.dumps(answer) if options.json else _format(answer), flush=True)
    return 1 if failed else 0


def answer_file(pool: InferencePool, run: Run, path: Path, kind: Any) -> dict[str, Any]:
    """Return the answer for one file, or its error.

    Returns:
        ``file``, ``label``, ``probabilities`` by class name, ``kind``, ``warning``; or ``file``
        and ``error``.
    """
    try:
        prepared = get_picture_pool().read(read_file(path), path.name, kind).prepared
        prediction = predict_pictures(pool, run, [prepared])[0]
    except FmnistError as error:
        return {"file": str(path), "error": str(error)}
    verdict = decide_verdict(prediction, prepared)
    return {
        "file": str(path),
        "label": None if verdict.label is None else CLASS_NAMES[verdict.label],
        "probabilities": {
            name: float(p) for name, p in zip(CLASS_NAMES, prediction.y_proba, strict=True)
        },
        "kind": prepared.kind,
        "warning": describe_doubt(verdict, prepared),
    }


def read_file(path: Path) -> bytes:
    """Return the content of a picture file.

    Raises:
        ImageError: it can't be read, or is too large.
    """
    try:
        check_size(max(1, path.stat().st_size), path.name)
        with path.open("rb") as file:
            return file.read(settings.MAX_UPLOAD_BYTES + 1)  # a pipe has no known size
    except OSError as error:
        raise ImageError(f"{path} can't be read: {error.strerror or error}.") from error


def _choose_run(name: str | None) -> Run:
    if name is not None:
        return open_run(name)
    usable = {run.run_id: run for run in list_runs() if run.has_model}
    if not usable:
        raise RunError("No network is trained yet. `python -m fmnist train` trains one.")
    known = [usable[name] for name in DEFAULT_RUNS if name in usable]
    return (known or list(usable.values()))[0]


def _format(answer: dict[str, Any]) -> str:
    if "error" in answer:
        return f"{answer['file']}: error: {answer['error']}"
    if answer["label"] is None:
        return f"{answer['file']}: {answer['warning']}"
    text = f"{answer['file']}: {answer['label']} {answer['probabilities'][answer['label']]:.0%}"
    return text + (f" ({answer['warning']})" if answer["warning"] else "")
