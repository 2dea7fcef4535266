"""Write the network of a run in other programs' formats, comparing each file."""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path
from typing import Final

from fmnist.commands.progress import report, show_progress
from fmnist.errors import FmnistError, RunError
from fmnist.export_worker import FORMATS, Export, ExportWorker
from fmnist.runs import Run, open_run
from fmnist.takeaway.exports import find_model, list_formats

ALL: Final = "all"

_ENDINGS: Final = {".h5": "h5", ".keras": "keras", ".onnx": "onnx", ".tflite": "litert"}
"""Formats that are chosen by the ending of a file."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="name of a run, for example cnn")
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="?",
        help=f"one file to write; ends in {', '.join(_ENDINGS)}",
    )
    parser.add_argument(
        "--format",
        choices=[*FORMATS, ALL],
        help="write this format, or all of them, into a folder under the run's name: "
        + "; ".join(f"{each.id}: {each.title}" for each in FORMATS.values()),
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=Path,
        help="the folder for --format, created if needed (the current folder)",
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")


def run(options: argparse.Namespace) -> int:
    """Write the files and print the measurements; return 1 if one could not be written.

    Raises:
        RunError: there is no such run, or the options contradict each other.
        InferenceError: the run has no model yet.
    """
    targets = _choose_targets(options)
    chosen = open_run(options.run)
    model = find_model(chosen)
    _check_formats(chosen, targets)
    exports: dict[str, Export] = {}
    errors = []
    with ExportWorker() as worker:
        for kind, target in targets.items():
            try:
                exports[kind] = worker.export(model, kind, target, partial(_report, kind))
            except FmnistError as error:
                errors.append(str(error))
    show_progress("")
    if options.json:
        print(json.dumps([_describe(targets[kind], exports[kind]) for kind in exports], indent=1))
    elif options.file:
        for kind, export in exports.items():
            if not export.refusal:
                print(f"{targets[kind]}: {export.n_bytes / 1e6:.2f} MB")
    elif exports:
        _print_table(targets, exports)
    errors += [export.refusal for export in exports.values() if export.refusal]
    for message in errors:
        print(f"error: {message}", file=sys.stderr)
    return 1 if errors else 0


def _choose_targets(options: argparse.Namespace) -> dict[str, Path]:
    """Return the path for each format.

    Raises:
        RunError: the options contradict each other, or the folder can't be written to.
    """
    if options.file is not None:
        if options.format or options.output:
            raise RunError("Name a FILE, or give --format and -o DIR, not both.")
        target: Path = options.file.resolve()
        if target.suffix not in _ENDINGS:
            *most, last = _ENDINGS
            raise RunError(f"{target.name} must end in {', '.join(most)} or {last}.")
        if not target.parent.is_dir():
            raise RunError(f"There is no folder {target.parent}. Create it first.")
        return {_ENDINGS[target.suffix]: target}
    if options.format is None:
        raise RunError("Give --format, or the FILE to write. `export --help` lists the formats.")
    folder = (options.output or Path()).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(
            f"{folder} can't be created: {error.strerror}. Choose another folder."
        ) from error
    kinds = list_formats(open_run(options.run)) if options.format == ALL else [options.format]
    return {kind: folder / FORMATS[kind].name_file(options.run) for kind in kinds}


def _check_formats(chosen: Run, targets: dict[str, Path]) -> None:
    possible = list_formats(chosen)
    for kind in targets:
        if kind not in possible:
            raise RunError(
                f"The run {chosen.run_id} is not a Keras network. Export it as "
                f"{', '.join(FORMATS[each].title for each in possible)}."
            )


def _report(kind: str, what: str, share: float) -> None:
    report(f"{FORMATS[kind].title}: {what}", share)


def _describe(target: Path, export: Export) -> dict[str, object]:
    return {
        **export.to_dict(),
        "file": None if export.refusal else str(target),
        "same_share": export.comparison.same_share,
        "load": FORMATS[export.format].describe_loading(target.name),
    }


def _print_table(targets: dict[str, Path], exports: dict[str, Export]) -> None:
    """Print the measurements, then how to load each file."""
    n_images = next(iter(exports.values())).comparison.n_images
    print(f"{'format':12} {'bytes':>12} {'ms/image':>9} {'largest diff.':>13} {'same':>8} accuracy")
    for kind, export in exports.items():
        found = export.comparison
        print(
            f"{kind:12} {export.n_bytes:12,} {export.milliseconds:9.3f} {found.difference:13.2g} "
            f"{found.same_share:8.2%} {found.accuracy:.2%} (before: {found.accuracy_before:.2%})"
            + (" not written" if export.refusal else "")
        )
    print(f"Compared on {n_images:,} test images; milliseconds are the median in one thread.")
    for kind, export in exports.items():
        if not export.refusal:
            target = targets[kind]
            print(f"\n# {target}\n{FORMATS[kind].describe_loading(target.name)}")
