"""The contract of ``model.onnx``: its writers and readers agree on these names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fmnist import settings

INPUT: Final = "images"
"""The only input: float32 ``(n, 28, 28, 1)``, raw pixels, 0-255."""

PREDICT: Final = "predict"
"""Output: probabilities, float32 ``(n, 10)``."""

FEATURES: Final = "features"
"""Output: the input of the last layer, float32 ``(n, k)``."""

OPSET: Final = 18
"""Version of ONNX' operators: the latest that the converter knows."""

MODEL_SHA256: Final = "model_sha256"
"""Metadata property: SHA-256, in hex, of the ``model.keras`` that the file was made from. A file
beside another ``model.keras``, of a run that was resumed since, is out of date. Absent for a model
that has no ``model.keras``."""


def get_cached_path(model_sha256: str) -> Path:
    """Return where the cache folder holds the file made from a ``model.keras`` with this hash."""
    return settings.cache_dir() / "onnx" / f"{model_sha256}.onnx"
