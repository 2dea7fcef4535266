"""Explain what a network predicts for a test item or a picture: a map of pixels."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.commands.predict import read_file
from fmnist.commands.progress import report, wait_for_network
from fmnist.data import load_dataset
from fmnist.errors import RunError
from fmnist.explain import ATTRIBUTES, EXPLAINERS, Subject
from fmnist.explain.faithfulness import Faithfulness, describe_faithfulness, load_faithfulness
from fmnist.images import get_picture_pool
from fmnist.inference import InferencePool
from fmnist.runs import Run, open_run

TITLES = {each.id: each.title for each in EXPLAINERS}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="name of a run, for example compact")
    parser.add_argument(
        "item", metavar="ITEM|FILE", help="number of a test item, from 0, or a picture file"
    )
    parser.add_argument(
        "--method", choices=sorted(ATTRIBUTES), default="layercam", help="how (layercam)"
    )
    parser.add_argument(
        "--class",
        dest="label",
        choices=CLASS_NAMES,
        metavar="CLASS",
        help="the class that is explained (the predicted one)",
    )
    parser.add_argument(
        "--against",
        choices=CLASS_NAMES,
        metavar="CLASS",
        help="explain why the one class rather than this one",
    )
    parser.add_argument(
        "--faithfulness",
        action="store_true",
        help="also measure, on 100 test images and kept, whether the methods' maps mark what the "
        "network needs: some minutes",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Print what each of the 784 pixels contributes to a class.

    Raises:
        FmnistError: there is no such run or item, the file can't be read, or the network has
            nothing that the method needs.
    """
    chosen, pool = open_run(options.run), InferencePool()
    image = _find_image(options.item)
    wait_for_network(pool.prepare(chosen), chosen.run_id)
    y_proba = pool.predict(chosen, image[None])[0]
    label = int(y_proba.argmax()) if options.label is None else CLASS_NAMES.index(options.label)
    against = None if options.against is None else CLASS_NAMES.index(options.against)
    if against == label:
        raise RunError(f"{options.against} can't be compared with itself. Choose another class.")
    subject = Subject(pool, chosen, image, label, against)
    values = subject.attribute(ATTRIBUTES[options.method])
    faithfulness = _measure(pool, chosen) if options.faithfulness else None
    if options.json:
        answer: dict[str, Any] = {
            "run": chosen.run_id,
            "item": options.item,
            "method": options.method,
            "class": CLASS_NAMES[label],
            "against": options.against,
            "probabilities": dict(zip(CLASS_NAMES, map(float, y_proba), strict=True)),
            "values": values.tolist(),
        }
        if faithfulness is not None:
            answer["faithfulness"] = faithfulness.to_dict()
        print(json.dumps(answer))
        return 0
    print(
        f"{chosen.run_id}, {options.item}: {subject.question} ({y_proba[label]:.1%}), by "
        f"{options.method}; + for, - against, in ninths of the largest"
    )
    print(_draw(values))
    if faithfulness is not None:
        print(describe_faithfulness(options.method, TITLES[options.method], faithfulness))
    return 0


def _measure(pool: InferencePool, run: Run) -> Faithfulness:
    return load_faithfulness(
        pool,
        run,
        load_dataset(report),
        ATTRIBUTES,
        lambda share: report("Measuring the faithfulness", share),
    )


def _find_image(item: str) -> NDArray[np.uint8]:
    """Return the image, uint8 ``(28, 28)``, of a test item or a picture file.

    Raises:
        RunError: there is no such item.
        ImageError: the file can't be read.
    """
    if not item.isdecimal():
        path = Path(item)
        return get_picture_pool().read(read_file(path), path.name, "auto").prepared.image
    images = load_dataset(report).x_test
    if int(item) >= len(images):
        raise RunError(f"There is no test item {item}: they are 0 to {len(images) - 1:,}.")
    return np.asarray(images[int(item)])


def _draw(values: NDArray[np.float32]) -> str:
    """Return a map as 28 lines of digits with their sign in ninths of the largest; 0 is a point."""
    ninths = np.rint(9 * values / max(float(np.abs(values).max()), 1e-12)).astype(int)
    return "\n".join("".join(f"{n:+d}" if n else " ." for n in row) for row in ninths)
