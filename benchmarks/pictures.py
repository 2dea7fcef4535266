"""``make bench-pictures``: accuracy on outside pictures, per class and pipeline step.

The pictures lie in a folder (``FMNIST_PICTURES``, default ``pictures/``) of up to four folders:
``phone``, ``shop``, ``doodle`` and ``other``; in each a folder a class, named after it
(``ankle_boot``), or after all that count as right (``shirt+coat``). A folder of any other name
holds pictures of none of the ten classes, like all of ``other``.

A contact sheet of each folder, with masks and answers, goes to ``.bench/pictures/``; how often the
answers were right, by their probability, to each run's ``outside.json``.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.drawn_outliers import make_outliers
from benchmarks.picture_reliability import write_figures
from benchmarks.picture_sheets import Entry, write_sheet
from fmnist.classes import CLASS_NAMES
from fmnist.images import Prepared, StepId
from fmnist.images.decode import decode_picture
from fmnist.images.pipeline import prepare_picture
from fmnist.inference import (
    InferencePool,
    Prediction,
    Verdict,
    decide_verdict,
    predict_pictures,
)
from fmnist.runs import Run, open_run

ROOT: Final = Path(__file__).resolve().parents[1]
SHEETS: Final = ROOT / ".bench" / "pictures"
RESULTS: Final = ROOT / "docs" / "results.md"
BEGIN: Final = "<!-- made by make bench-pictures, from here -->"
END: Final = "<!-- to here -->"
SETS: Final = ("phone", "shop", "doodle", "other")
RUNS: Final = ("outside", "cnn")
STEPS: Final[dict[StepId, str]] = {
    "given": "As given",
    "light": "Light on dark",
    "garment": "Garment",
    "crop": "Crop",
    "tones": "Tones",
}
KEYS: Final = {
    name.lower().replace("-", "_").replace(" ", "_").split("/")[0]: label
    for label, name in enumerate(CLASS_NAMES)
}


@dataclass(frozen=True)
class Sample:
    """A picture with the labels that count as correct; empty for none of the ten classes."""

    group: str
    folder: str
    name: str
    labels: tuple[int, ...]
    prepared: Prepared


def load(job: tuple[str, str, Path]) -> Sample:
    group, folder, path = job
    labels = tuple(KEYS[name] for name in folder.split("+") if name in KEYS)
    return Sample(
        group,
        folder,
        path.name,
        labels,
        prepare_picture(decode_picture(path.read_bytes(), path.name)),
    )


def load_samples(root: Path) -> list[Sample]:
    jobs = [
        (group, folder.name, path)
        for group in SETS
        for folder in sorted((root / group).glob("*/"))
        for path in sorted(folder.iterdir())
    ]
    if not jobs:
        sys.exit(f"No pictures in {root}: set FMNIST_PICTURES to their folder. {__doc__}")
    # One process per core; otherwise OpenCV would start a thread per core in each.
    with ProcessPoolExecutor(initializer=cv2.setNumThreads, initargs=(1,)) as executor:
        return list(executor.map(load, jobs, chunksize=8))


def mean_over_classes(samples: list[Sample], y_pred: np.ndarray) -> float:
    hits = defaultdict(list)
    for sample, label in zip(samples, y_pred, strict=True):
        hits[sample.folder].append(label in sample.labels)
    return float(np.mean([np.mean(each) for each in hits.values()]))


def compute_steps(pool: InferencePool, run: Run, samples: list[Sample]) -> dict[str, float]:
    """Return the mean class accuracy if the pipeline ended at each of its steps."""
    steps: dict[str, float] = {}
    for step_id, title in STEPS.items():
        images = []
        for sample in samples:
            step = sample.prepared.find_step(step_id)
            images.append(sample.prepared.image if step is None else step.image)
        steps[title] = mean_over_classes(
            samples, pool.predict(run, np.stack(images)).argmax(axis=1)
        )
    return steps


def format_table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def describe_steps(pool: InferencePool, runs: list[Run], samples: list[Sample]) -> str:
    header, rows = ["had the path ended here"], defaultdict(list)
    for group in SETS:
        chosen = [sample for sample in samples if sample.group == group and sample.labels]
        for run in runs if chosen else ():
            header.append(f"{group}, `{run.run_id}`")
            steps = compute_steps(pool, run, chosen)
            predictions = predict_pictures(pool, run, [sample.prepared for sample in chosen])
            labels = np.array([prediction.y_proba.argmax() for prediction in predictions])
            steps["Mean over variants"] = mean_over_classes(chosen, labels)
            for name, accuracy in steps.items():
                rows[name].append(f"{accuracy:.1%}")
    return format_table(header, [[name, *cells] for name, cells in rows.items()])


def describe_classes(samples: list[Sample], y_pred: np.ndarray) -> str:
    """Return one row per folder: number of pictures, number correct, predicted classes."""
    taken: defaultdict[tuple[str, str, bool], np.ndarray] = defaultdict(
        lambda: np.zeros(len(CLASS_NAMES), int)
    )
    right: defaultdict[tuple[str, str, bool], int] = defaultdict(int)
    for sample, label in zip(samples, y_pred, strict=True):
        key = sample.group, sample.folder, bool(sample.labels)
        taken[key][label] += 1
        right[key] += label in sample.labels
    rows = []
    for key, counts in taken.items():
        group, folder, has_labels = key
        share = f"{right[key] / counts.sum():.0%}" if has_labels else "–"
        rows.append(
            [group, folder, str(counts.sum()), share, *(str(n) if n else "" for n in counts)]
        )
    return format_table(["set", "is", "pictures", "right", *CLASS_NAMES], rows)


def describe_outliers(pool: InferencePool, run: Run, samples: list[Sample]) -> str:
    """Return how many of each kind get no class: none of the ten, or a poor cut-out.

    Also, for pictures of the ten classes, how many of the remaining predictions are correct.
    """
    kinds: dict[str, list[Prepared]] = defaultdict(list)
    labels: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for sample in samples:
        name = (
            f"{sample.group}, of the ten" if sample.labels else f"{sample.group}, {sample.folder}"
        )
        kinds[name].append(sample.prepared)
        labels[name].append(sample.labels)
    kinds |= {f"{name}, drawn by the program": each for name, each in make_outliers().items()}
    rows = []
    for name, pictures in kinds.items():
        predictions = predict_pictures(pool, run, pictures)
        verdicts = [
            decide_verdict(prediction, picture)
            for prediction, picture in zip(predictions, pictures, strict=True)
        ]
        rows.append(
            [
                name,
                str(len(verdicts)),
                f"{np.mean([verdict.is_outlier for verdict in verdicts]):.0%}",
                f"{np.mean([picture.refusal is not None for picture in pictures]):.1%}",
                describe_answered(predictions, verdicts, labels.get(name, [])),
            ]
        )
    return format_table(
        [
            "pictures",
            "number",
            "detected as none of the ten",
            "refused: cut out too poorly",
            "right, of all and of those not refused",
        ],
        rows,
    )


def describe_answered(
    predictions: list[Prediction], verdicts: list[Verdict], labels: list[tuple[int, ...]]
) -> str:
    """Return the accuracy over all predictions, and over those that were not refused."""
    if not any(labels):
        return "–"
    right = np.array(
        [each.y_proba.argmax() in true for each, true in zip(predictions, labels, strict=True)]
    )
    answered = np.array([verdict.label is not None for verdict in verdicts])
    return f"{right.mean():.1%}, {right[answered].mean():.1%}"


def write_sheets(folder: Path, samples: list[Sample], predictions: list[Prediction]) -> None:
    """Write a contact sheet with predictions for each folder of pictures."""
    sheets: dict[str, list[Entry]] = defaultdict(list)
    for sample, prediction in zip(samples, predictions, strict=True):
        verdict = decide_verdict(prediction, sample.prepared)
        is_right = verdict.label in sample.labels if sample.labels else None
        entry = Entry(sample.name, sample.prepared, verdict, is_right)
        sheets[f"{sample.group}-{sample.folder}.png"].append(entry)
    for name, entries in sheets.items():
        write_sheet(folder / name, entries)


def write_reliability(pool: InferencePool, run: Run, samples: list[Sample]) -> None:
    """Write how often predictions without a warning were correct for the ten classes."""
    shown = [sample for sample in samples if sample.labels]
    answers = []
    predictions = predict_pictures(pool, run, [sample.prepared for sample in shown])
    for sample, prediction in zip(shown, predictions, strict=True):
        verdict = decide_verdict(prediction, sample.prepared)
        if verdict.label is not None and not verdict.is_outlier:
            is_right = verdict.label in sample.labels
            answers.append((sample.prepared.kind, verdict.probability, is_right))
    write_figures(run, answers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-write", action="store_true", help="print only")
    parser.add_argument("--runs", nargs="+", default=list(RUNS), help="the first one in detail")
    parser.add_argument("--sheets", type=Path, default=SHEETS, help="folder of the contact sheets")
    options = parser.parse_args()
    start = time.monotonic()
    samples = load_samples(Path(os.environ.get("FMNIST_PICTURES", ROOT / "pictures")))
    prepared = time.monotonic() - start
    pool, runs = InferencePool(), [open_run(name) for name in options.runs]
    predictions = predict_pictures(pool, runs[0], [sample.prepared for sample in samples])
    y_pred = np.array([prediction.y_proba.argmax() for prediction in predictions])
    count = {group: sum(sample.group == group for sample in samples) for group in SETS}
    text = "\n\n".join(
        [
            f"{count['phone']} phone photos, {count['shop']} shop pictures,"
            f" {count['doodle']} doodles and {count['other']} other pictures; those in a folder"
            " named after no class show none of the ten. None is trained on. Accuracy is the mean"
            " over classes.",
            describe_steps(pool, runs, samples),
            f"By class, `{runs[0].run_id}`, mean over variants:",
            describe_classes(samples, y_pred),
            describe_outliers(pool, runs[0], samples),
        ]
    )
    print(text, flush=True)
    write_sheets(options.sheets, samples, predictions)
    print(f"\n{len(samples)} pictures on the sheets in {options.sheets}.")
    print(f"{prepared:.0f} s to prepare, {time.monotonic() - start:.0f} s in all.")
    if not options.no_write:
        for run in runs:
            write_reliability(pool, run, samples)
        before, _, rest = RESULTS.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        RESULTS.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
