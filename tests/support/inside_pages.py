"""The inside of a network that was made up, for pages without Keras."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.explain import gradients, inside, maxima, nudge
from fmnist.keras_worker.records import PixelTrace, Stage, Step


def build_stages(image: np.ndarray) -> list[Stage]:
    """Return two stages: four maps of 28×28 pixels, of which the last is dead, and six of 14×14."""
    first = np.stack([image * weight for weight in (1, 2, 3, 0)], axis=-1) / 255
    second = first[::2, ::2, [0, 1, 2, 0, 1, 2]] - 0.5
    filters = np.linspace(-1, 1, 36).reshape(3, 3, 4)
    return [
        Stage("conv_1", ("conv_1", "relu_1"), first.astype(np.float32), True, filters),
        Stage("conv_2", ("conv_2",), second.astype(np.float32), False),
    ]


def fake_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer in place of the Keras worker."""

    def compute_stages(_path: Path, image: np.ndarray) -> list[Stage]:
        return build_stages(image)

    def find_maxima(_path: Path, images: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        n = len(images)
        return {
            stage.name: (
                np.tile(stage.maps.max(axis=(0, 1)), (n, 1)),
                np.zeros((n, stage.maps.shape[-1]), np.int32),
            )
            for stage in build_stages(images[0])
        }

    def trace_pixel(
        _path: Path, image: np.ndarray, stage: str, channel: int, at: tuple[int, int]
    ) -> PixelTrace:
        (found,) = [each for each in build_stages(image) if each.name == stage]
        value = float(found.maps[(*at, channel)])
        steps = tuple(Step(layer, "sum of 9 products", value) for layer in found.layers)
        patch = np.full((3, 3, 1), 2.0, np.float32)
        return PixelTrace((0, 1, 4, 5), "pixels", patch, patch, steps)

    def attribute(_path: Path, images: np.ndarray, *_question: object) -> tuple[np.ndarray, str]:
        return images / np.float32(255), "conv_2"

    def find_fields(
        _path: Path, _stage: str, positions: tuple[tuple[int, int], ...]
    ) -> list[tuple[int, int, int, int]]:
        return [(0, 0, 2, 2) for _ in positions]

    def differentiate_loss(_path: Path, image: np.ndarray, _label: int) -> np.ndarray:
        return image - np.float32(99.5)

    monkeypatch.setattr(inside, "find_fields", find_fields)
    monkeypatch.setattr(maxima, "find_maxima", find_maxima)
    monkeypatch.setattr(nudge, "differentiate_loss", differentiate_loss)
    monkeypatch.setattr(inside, "compute_stages", compute_stages)
    monkeypatch.setattr(inside, "find_maxima", find_maxima)
    monkeypatch.setattr(inside, "trace_pixel", trace_pixel)
    monkeypatch.setattr(gradients, "attribute_pixels", attribute)
