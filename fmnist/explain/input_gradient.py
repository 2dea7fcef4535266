"""Input gradient: how the logit of a class changes with each pixel (Simonyan et al. 2014)."""

from __future__ import annotations

from fmnist.explain.gradients import build_explainer


def _describe(question: str, _layer: str) -> str:
    return (
        f"Orange: a brighter pixel raises the logit of {question}. Blue: a brighter pixel lowers "
        "it. This is the gradient at the pixels, which says what would change, not what is there."
    )


EXPLAINER = build_explainer("gradient", "Input gradient", _describe)
