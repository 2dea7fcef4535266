"""Grad-CAM: where the maps of the deepest layer support a class (Selvaraju et al. 2017)."""

from __future__ import annotations

from fmnist.explain.gradients import build_explainer


def _describe(question: str, layer: str) -> str:
    return (
        f"Orange: what the maps of layer {layer} show here speaks for {question}. Blue: it "
        "speaks against. Each map is weighted by its mean gradient, so the result is coarse."
    )


EXPLAINER = build_explainer("gradcam", "Grad-CAM", _describe)
