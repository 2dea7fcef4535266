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
    # A step that changes nothing has the image of the step before.
    images = {step.image.tobytes(): step.image for step in prepared.steps}
    answers = subject.pool.predict(subject.run, np.stack(list(images.values())))
    y_proba = dict(zip(images, answers, strict=True))
    tiles = []
    for number, step in enumerate(prepared.steps, start=1):
        proba = y_proba[step.image.tobytes()]
        label = int(proba.argmax())
        result = f"{CLASS_NAMES[label]} ({proba[label]:.1%})" if step.image.any() else ""
        tiles.append(Tile(step.picture, f"{number}. {step.title}", result, step.sentence))
    parts: list[Part] = [Tiles(tiles, width=140)]
    if len(prepared.variants) > 1:
        other = " or narrower" if prepared.kind == "photo" else " or not filled"
        how = "with another margin" + (other if len(prepared.variants) > 2 else "")
        sentence = (
            f"The prediction is the mean over {len(prepared.variants)} variants of the last image, "
            f"{how}, and their mirror images."
        )
        sheet = np.concatenate([np.pad(each, 1) for each in prepared.variants], axis=1)
        width = sheet.shape[1] * _VARIANT_PIXELS
        parts += [Text(sentence), Tiles([Tile(sheet, "Variants")], width=width)]
    return parts


EXPLAINER = Explainer("steps", "Step by step", frozenset({"picture"}), explain_steps)
