"""LayerCAM: where the maps of a middle layer support a class (Jiang et al. 2021)."""

from __future__ import annotations

from fmnist.explain.gradients import build_explainer


def _describe(question: str, layer: str) -> str:
    return (
        f"Orange: what the maps of layer {layer} show here speaks for {question}. Blue: it "
        "speaks against. Each map is weighted by the gradient of the logit at each position."
    )


EXPLAINER = build_explainer("layercam", "LayerCAM", _describe)
