"""Map the test images by a network's features, similar ones close together."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from fmnist.classes import CLASS_NAMES
from fmnist.commands.predict import read_file
from fmnist.commands.progress import report, show_progress, wait_for_network
from fmnist.data import load_dataset
from fmnist.embedding.project import METHODS
from fmnist.embedding.store import Embedding, MapRequest, load_embedding, place_image
from fmnist.errors import RunError, explain_write_error
from fmnist.images import get_picture_pool
from fmnist.inference import InferencePool
from fmnist.runs import open_run
from fmnist.settings import cache_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run", metavar="RUN", help="name of a run, for example compact")
    parser.add_argument("--method", choices=list(METHODS), default="pca", help="how (pca)")
    parser.add_argument(
        "--images",
        choices=["test", "train"],
        default="test",
        help="the test set, or a sample of 10,000 training images (test)",
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the sample and of t-SNE (0)")
    parser.add_argument(
        "--place", nargs="+", default=[], metavar="FILE", help="pictures to place on the map"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object with all points")


def run(options: argparse.Namespace) -> int:
    """Print how faithful the map is, where pictures are placed and, as JSON, all points.

    A map that does not exist yet is computed: t-SNE takes a minute or two.

    Raises:
        FmnistError: there is no such run, it has no features, or a file can't be read.
    """
    chosen, pool = open_run(options.run), InferencePool()
    dataset = load_dataset(report)
    request = MapRequest(chosen, dataset, options.method, options.images, options.seed)
    wait_for_network(pool.prepare(chosen), chosen.run_id)
    try:
        found = load_embedding(pool, request, report)
    except OSError as error:
        raise RunError(explain_write_error(error, str(cache_dir()))) from error
    placed = [_place(pool, request, found, Path(file)) for file in options.place]
    show_progress("")
    figures = {
        "run": chosen.run_id,
        "method": options.method,
        "images": options.images,
        "seed": options.seed,
        "neighbour_accuracy_map": found.map_accuracy,
        "neighbour_accuracy_features": found.feature_accuracy,
        "seconds": found.seconds,
    }
    if options.json:
        _, labels = dataset.split(options.images)
        points = {
            "row": found.rows.tolist(),
            "x": found.positions[:, 0].tolist(),
            "y": found.positions[:, 1].tolist(),
            "label": labels[found.rows].tolist(),
            "predicted": found.y_proba.argmax(axis=1).tolist(),
            "confidence": found.y_proba.max(axis=1).tolist(),
        }
        print(json.dumps(figures | {"points": points, "placed": placed}))
        return 0
    print(
        f"{chosen.run_id}, {METHODS[options.method]} of {len(found.rows):,} {options.images} images"
        f" in {found.seconds:.1f} s. Ten nearest neighbours vote for the true class of "
        f"{found.map_accuracy:.1%} on the map, of {found.feature_accuracy:.1%} by the features."
    )
    for one in placed:
        near = ", ".join(f"{name} no. {row}" for row, name in one["neighbours"][:3])
        print(f"{one['file']}: at {one['x']:.2f}, {one['y']:.2f}; nearest: {near}")
    return 0


def _place(
    pool: InferencePool, request: MapRequest, found: Embedding, path: Path
) -> dict[str, Any]:
    prepared = get_picture_pool().read(read_file(path), path.name, "auto").prepared
    placement = place_image(pool, request, found, prepared.image)
    rows = found.rows[placement.neighbours]
    labels = request.dataset.split(request.split)[1][rows]
    return {
        "file": str(path),
        "x": float(placement.position[0]),
        "y": float(placement.position[1]),
        "neighbours": [
            [row, CLASS_NAMES[label]]
            for row, label in zip(rows.tolist(), labels.tolist(), strict=True)
        ],
    }
