"""Perturbations: whether small changes of the image change the predicted class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fmnist.classes import CLASS_NAMES
from fmnist.explain.explainer import Explainer, Part, Subject, Text, Tile, Tiles
from fmnist.images.perturbations import make_perturbations


def explain_perturbations(subject: Subject) -> Sequence[Part]:
    """Return the perturbed images with the class predicted for each."""
    images = make_perturbations(subject.image)
    y_proba = subject.pool.predict(subject.run, np.stack(list(images.values())))
    labels = y_proba.argmax(axis=1).tolist()
    tiles = [
        Tile(image, name, note=CLASS_NAMES[label], agrees=label == subject.label)
        for (name, image), label in zip(images.items(), labels, strict=True)
    ]
    same = labels.count(subject.label)
    result = f"**{same} of {len(tiles)}** small changes leave the prediction unchanged."
    return [Text(result, is_result=True), Tiles(tiles, width=84)]


EXPLAINER = Explainer("perturbations", "Small changes", frozenset(), explain_perturbations)
