"""Explain a prediction: which pixels count, what a nudge changes, nearest items, layers."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.commands.predict import read_file
from fmnist.commands.progress import report, show_progress, wait_for_network
from fmnist.data import load_dataset
from fmnist.errors import RunError
from fmnist.explain import ATTRIBUTES, EXPLAINERS, Subject
from fmnist.explain.faithfulness import Faithfulness, describe_faithfulness, load_faithfulness
from fmnist.explain.inside import find_dead_maps, load_stages
from fmnist.explain.nearest import describe_vote, find_nearest_items, find_winner
from fmnist.explain.nudge import compute_nudge, describe_nudge, find_one_pixel
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
        "--method",
        choices=[*sorted(ATTRIBUTES), *_OTHERS],
        default="layercam",
        help="a map of pixels (layercam), or: how little must change for another class (nudge), "
        "the nearest training images by features and their vote (nearest), what each layer makes "
        "of the image (layers)",
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
        "network needs: a few minutes",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    """Print each pixel's contribution to a class, or the result of another method.

    Raises:
        FmnistError: there is no such run or item, the file can't be read, or the network has
            nothing that the method needs.
    """
    chosen, pool = open_run(options.run), InferencePool()
    is_map = options.method in ATTRIBUTES
    if not is_map and (options.label or options.against or options.faithfulness):
        raise RunError(
            f"{options.method} explains the predicted class and isn't a map: leave out --class, "
            "--against and --faithfulness."
        )
    image = _find_image(options.item)
    wait_for_network(pool.prepare(chosen), chosen.run_id)
    y_proba = pool.predict(chosen, image[None])[0]
    label = int(y_proba.argmax()) if options.label is None else CLASS_NAMES.index(options.label)
    against = None if options.against is None else CLASS_NAMES.index(options.against)
    if against == label:
        raise RunError(f"{options.against} can't be compared with itself. Choose another class.")
    subject = Subject(
        pool,
        chosen,
        image,
        label,
        against,
        dataset=None if is_map else load_dataset(report),
        progress=lambda share: report("Computing", share),
    )
    found, text = (
        _attribute(subject, options.method) if is_map else _OTHERS[options.method](subject)
    )
    faithfulness = _measure(pool, chosen) if options.faithfulness else None
    show_progress("")
    if options.json:
        answer: dict[str, Any] = {
            "run": chosen.run_id,
            "item": options.item,
            "method": options.method,
            "class": CLASS_NAMES[label],
            "against": options.against,
            "probabilities": _name_classes(y_proba),
            **found,
        }
        if faithfulness is not None:
            answer["faithfulness"] = faithfulness.to_dict()
        print(json.dumps(answer))
        return 0
    print(f"{chosen.run_id}, {options.item}: {subject.question} ({y_proba[label]:.1%}), {text}")
    if faithfulness is not None:
        print(describe_faithfulness(options.method, TITLES[options.method], faithfulness))
    return 0


def _attribute(subject: Subject, method: str) -> tuple[dict[str, Any], str]:
    """Return an attribution map, for JSON and in words, like the other methods' functions."""
    values = subject.attribute(ATTRIBUTES[method])
    text = f"by {method}; + for, - against, in ninths of the largest\n{_draw(values)}"
    return {"values": values.tolist()}, text


def _nudge(subject: Subject) -> tuple[dict[str, Any], str]:
    """Return the smallest step of the gradient's sign with another class, and the one pixel."""
    nudge = compute_nudge(subject.pool, subject.run, subject.image)
    pixel = find_one_pixel(subject.pool, subject.run, subject.image, subject.progress)
    smallest = nudge.smallest
    becomes = None if smallest is None else CLASS_NAMES[int(nudge.y_proba[smallest].argmax())]
    found = {
        "smallest_step": smallest,
        "becomes": becomes,
        "steps": [_name_classes(each) for each in nudge.y_proba],
        "nudged": None if smallest is None else nudge.images[smallest].tolist(),
        "one_pixel": {
            "row": pixel.row,
            "column": pixel.column,
            "value": pixel.value,
            "probabilities": _name_classes(pixel.y_proba),
            "pixels_that_change_the_class": pixel.n_changing,
        },
    }
    before, after = nudge.y_proba[0][subject.label], pixel.y_proba[subject.label]
    return found, (
        f"nudged by the sign of the loss' gradient\n{describe_nudge(nudge)}\n"
        f"One pixel: row {pixel.row}, column {pixel.column}, set to {pixel.value}, takes "
        f"{before:.1%} to {after:.1%}; {pixel.n_changing} pixels change the class alone."
    )


def _find_nearest(subject: Subject) -> tuple[dict[str, Any], str]:
    """Return the nearest training images by features, and their vote."""
    assert subject.dataset is not None
    rows = find_nearest_items(subject)
    labels = np.asarray(subject.dataset.y_train[rows])
    neighbours = [
        (row, CLASS_NAMES[label]) for row, label in zip(rows.tolist(), labels.tolist(), strict=True)
    ]
    lines = "\n".join(f"train no. {row:,}: {name}" for row, name in neighbours)
    found = {"neighbours": neighbours, "vote": CLASS_NAMES[find_winner(labels)]}
    return found, f"by its neighbours\n{describe_vote(labels, subject.label)}\n{lines}"


def _list_layers(subject: Subject) -> tuple[dict[str, Any], str]:
    """Return each stage's feature maps of the image."""
    assert subject.dataset is not None
    stages = load_stages(subject.run, subject.image)
    dead = find_dead_maps(subject.run, stages, subject.dataset.x_train)
    layers: list[dict[str, Any]] = [
        {
            "name": stage.name,
            "layers": stage.layers,
            "shape": stage.maps.shape,
            "highest": stage.maps.max(axis=(0, 1)).tolist(),
            "mean": stage.maps.mean(axis=(0, 1)).tolist(),
            "dead": np.flatnonzero(dead[stage.name]).tolist(),
        }
        for stage in stages
    ]
    lines = [
        f"{each['name']}: {each['shape'][0]}×{each['shape'][1]}, {each['shape'][2]} maps, "
        f"{len(each['dead'])} dead; map {int(np.argmax(each['highest']))} has the highest value"
        for each in layers
    ]
    return {"stages": layers}, "layer by layer\n" + "\n".join(lines)


_OTHERS: Final[dict[str, Callable[[Subject], tuple[dict[str, Any], str]]]] = {
    "nudge": _nudge,
    "nearest": _find_nearest,
    "layers": _list_layers,
}
"""Methods that aren't maps of pixels: each returns its result for JSON, and in words."""


def _name_classes(y_proba: NDArray[np.float32]) -> dict[str, float]:
    return dict(zip(CLASS_NAMES, map(float, y_proba), strict=True))


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
    """Return a map as 28 lines of digits with their sign in ninths of the largest; 0 is a dot."""
    ninths = np.rint(9 * values / max(float(np.abs(values).max()), 1e-12)).astype(int)
    return "\n".join("".join(f"{n:+d}" if n else " ." for n in row) for row in ninths)
