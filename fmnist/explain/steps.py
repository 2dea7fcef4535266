"""Step by step: how a picture became the image, and the prediction after each step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fmnist.classes import CLASS_NAMES
from fmnist.explain.explainer import Explainer, Part, Subject, Text, Tile, Tiles

_VARIANT_PIXELS = 3


def explain_steps(subject: Subject) -> Sequence[Part]:
    """Return each step's picture with the class predicted if the pipeline ended there."""
    prepared = subject.prepared
    assert prepared is not None
    y_proba = subject.pool.predict(subject.run, np.stack([s.image for s in prepared.steps]))
    tiles = []
    for number, (step, proba) in enumerate(zip(prepared.steps, y_proba, strict=True), start=1):
        label = int(proba.argmax())
        result = f"{CLASS_NAMES[label]} ({proba[label]:.1%})" if step.image.any() else ""
        tiles.append(Tile(step.picture, f"{number}. {step.title}", result, step.sentence))
    parts: list[Part] = [Tiles(tiles, width=140)]
    if len(prepared.variants) > 1:
        how = "with another margin" + (" or not filled" if len(prepared.variants) > 2 else "")
        sentence = (
            f"The prediction is the mean over {len(prepared.variants)} variants of the last image, "
            f"{how}, and their mirror images."
        )
        sheet = np.concatenate([np.pad(each, 1) for each in prepared.variants], axis=1)
        width = sheet.shape[1] * _VARIANT_PIXELS
        parts += [Text(sentence), Tiles([Tile(sheet, "Variants")], width=width)]
    return parts


EXPLAINER = Explainer("steps", "Step by step", frozenset({"picture"}), explain_steps)
