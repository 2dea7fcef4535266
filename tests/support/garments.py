"""A T-shirt as a photo and as a drawing, and the expected image."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from fmnist.images.compose.fit import compute_box, fit_image

SHIRT = [(60, 20), (140, 20), (190, 60), (170, 90), (145, 75), (145, 180), (55, 180), (55, 75),
         (30, 90), (10, 60)]  # fmt: skip
"""A T-shirt in a square of 200."""


def opaque(image: Image.Image) -> np.ndarray:
    """Return the pixels as RGBA."""
    return np.array(image.convert("RGBA"))


def garment(
    background=(250, 250, 250), fabric=(60, 40, 120), noise=0.0, seed=0, shift=(0, 0), side=200
):
    """Return a shaded, noisy T-shirt on a plain background, as in a photo."""
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).polygon([(x + shift[0], y + shift[1]) for x, y in SHIRT], fill=255)
    inside = np.array(mask)[..., None] > 0
    rng = np.random.default_rng(seed)
    shade = 15 * np.sin(np.arange(side) / 9.0)[None, :, None] + rng.normal(0, 6, (side, side, 1))
    rgb = np.where(inside, np.array(fabric) + shade, np.array(background))
    rgb = rgb + rng.normal(0, 1, rgb.shape) * noise
    rgb = np.clip(rgb, 0, 255).astype(np.uint8)
    return np.dstack([rgb, np.full((side, side), 255, np.uint8)])


def outline(background="white", ink="black", width=6, gap=False, points=SHIRT):
    """Return a drawing of the T-shirt's outline, open for a ``gap``."""
    image = Image.new("RGB", (200, 200), background)
    corners = points if gap else [*points, points[0]]
    ImageDraw.Draw(image).line(corners, fill=ink, width=width, joint="curve")
    return opaque(image)


def expected_silhouette() -> np.ndarray:
    """Return the T-shirt's mask in a 28×28 image that it fills."""
    mask = Image.new("L", (200, 200), 0)
    ImageDraw.Draw(mask).polygon(SHIRT, fill=255)
    solid = np.asarray(mask)
    return fit_image(solid.astype(np.float32), compute_box(solid > 0)) > 127


def assert_shirt(image: np.ndarray, tolerance: float = 0.08) -> None:
    """Assert that a 28×28 image shows the T-shirt, except for a fraction of the pixels."""
    # An edge pixel that is half garment has half its tone.
    wrong = ((image > image.max() / 2) != expected_silhouette()).mean()
    assert wrong <= tolerance, f"{wrong:.1%} of the pixels lie on the wrong side"


def difference(a: np.ndarray, b: np.ndarray) -> float:
    """Return the mean difference of two images' tones."""
    return float(np.abs(a.astype(float) - b.astype(float)).mean())
