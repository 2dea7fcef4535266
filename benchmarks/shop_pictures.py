"""``make bench-shop``: validation images as shop pictures, alone and on a drawn wearer.

A garment is coloured and placed on white, as a JPEG. Its wearer has head and hair, arms or hands,
legs or other clothes; the picture may be cropped at the forehead or chin, or at the arms. The
wearers are cartoons, so the figures compare versions of the pipeline but do not predict the
accuracy on real shop pictures.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, Final

import cv2
import numpy as np

from benchmarks.shop_drawing import TROUSER, WORN, Shown, show
from fmnist.classes import CLASS_NAMES
from fmnist.data import load_dataset
from fmnist.data.split import split_validation
from fmnist.images import Prepared
from fmnist.images.decode import decode_picture
from fmnist.images.pipeline import prepare_picture
from fmnist.inference import InferencePool, predict_pictures
from fmnist.runs import open_run

SIZES: Final = ((60, 80), (180, 240))
KINDS: Final[dict[str, dict[str, Any]]] = {
    "alone": {"worn": False},
    "worn": {"worn": True},
    "close": {"worn": True, "cut": 0.07},
}
"""``close``: a person in a top or a dress fills the picture, which ends just below the garment."""


def compute_overlap(shown: Shown, prepared: Prepared) -> float:
    """Return the intersection over union of the garment and its mask."""
    if not prepared.candidates:
        return float("nan")  # segmented as an outline, which has no wearer
    found = prepared.candidates[0]
    size = found.shape[::-1]
    garment = cv2.resize(shown.garment.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    return float((found & garment).sum() / max((found | garment).sum(), 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", default="outside", help="the run that answers")
    parser.add_argument("--number", type=int, default=400, help="pictures of each kind")
    parser.add_argument("--seed", type=int, default=0, help="picks images, colours and wearers")
    options = parser.parse_args()
    dataset = load_dataset()
    if dataset.source.is_demo:
        sys.exit("The network knows the real data set: put it into archive/ or set FMNIST_ARCHIVE.")
    images, labels = dataset.split("train")
    _, validation = split_validation(labels)
    order = np.random.default_rng(options.seed).permutation(validation)
    pool, run = InferencePool(), open_run(options.run)
    print("| size | shown | right | overlap | " + " | ".join(CLASS_NAMES) + " |")
    print("| --- " * (4 + len(CLASS_NAMES)) + "|")
    for size in SIZES:
        for kind, how in KINDS.items():
            shows = {"alone": range(10), "worn": WORN, "close": WORN - {TROUSER}}[kind]
            chosen = [i for i in order if labels[i] in shows][: options.number]
            rng = np.random.default_rng(options.seed)
            shown = [show(images[i], int(labels[i]), rng, size, **how) for i in chosen]
            prepared = [prepare_picture(decode_picture(each.jpeg, "shop.jpg")) for each in shown]
            predictions = predict_pictures(pool, run, prepared)
            y_true = np.array([each.label for each in shown])
            right = np.array([prediction.y_proba.argmax() for prediction in predictions]) == y_true
            overlap = np.nanmean(
                [compute_overlap(*pair) for pair in zip(shown, prepared, strict=True)]
            )
            by_class = {
                label: float(right[y_true == label].mean()) for label in sorted(set(y_true))
            }
            cells = [f"{by_class[k]:.0%}" if k in by_class else "" for k in range(len(CLASS_NAMES))]
            print(
                f"| {size[0]} × {size[1]} | {kind}"
                f" | {np.mean(list(by_class.values())):.1%} | {overlap:.2f}"
                f" | {' | '.join(cells)} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
