"""Input gradient: how the logit of a class changes with each pixel (Simonyan et al. 2014)."""

from __future__ import annotations

from fmnist.explain.gradients import build_explainer


def _describe(question: str, _layer: str) -> str:
    return (
        f"Orange: a brighter pixel raises the logit of {question}. Blue: a brighter pixel lowers "
        "it. The gradient shows what a change would do, not what is there."
    )


EXPLAINER = build_explainer("gradient", "Input gradient", _describe)
