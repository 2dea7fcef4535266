"""Explains the predictions of networks.

Each module that defines ``EXPLAINER`` adds one; pages list those whose needs a prediction meets.
"""

from __future__ import annotations

from fmnist.explain import (
    agreement,
    calibration,
    gradcam,
    input_gradient,
    layercam,
    nearest,
    occlusion,
    perturbations,
    steps,
)
from fmnist.explain.explainer import (
    Coverage,
    Explainer,
    Heatmap,
    Part,
    Ranking,
    Subject,
    Text,
    Tile,
    Tiles,
)

EXPLAINERS = tuple(
    module.EXPLAINER
    for module in (
        steps,
        layercam,
        gradcam,
        occlusion,
        input_gradient,
        perturbations,
        agreement,
        nearest,
        calibration,
    )
)
"""All explainers, in the order in which pages list them."""

ATTRIBUTES = {each.id: each.attribute for each in EXPLAINERS if each.attribute is not None}
"""The functions that compute attribution maps, by the id of their explainer."""

__all__ = [
    "ATTRIBUTES",
    "EXPLAINERS",
    "Coverage",
    "Explainer",
    "Heatmap",
    "Part",
    "Ranking",
    "Subject",
    "Text",
    "Tile",
    "Tiles",
    "find_explainers",
]


def find_explainers(subject: Subject) -> list[Explainer]:
    """Return the explainers whose needs a subject meets."""
    return [explainer for explainer in EXPLAINERS if explainer.fits(subject)]
