"""Draws shop pictures around training images, for ``shop_pictures.py``."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from PIL import Image

T_SHIRT, TROUSER, PULLOVER, DRESS, COAT, _, SHIRT = range(7)
WORN: Final = frozenset({T_SHIRT, TROUSER, PULLOVER, DRESS, COAT, SHIRT})
GARMENT: Final = 168  # pixels per side while drawing
PAD: Final = 170
SIDE: Final = GARMENT + 2 * PAD

SKINS: Final = ((237, 196, 171), (217, 168, 138), (178, 128, 97), (122, 84, 64))
HAIRS: Final = ((31, 23, 20), (64, 41, 26), (140, 102, 56))
TROUSERS: Final = ((46, 61, 102), (23, 23, 28), (107, 128, 158), (158, 140, 107), (77, 77, 82))


@dataclass(frozen=True)
class Shown:
    """A drawn shop picture.

    Attributes:
        label: the label of the garment.
        jpeg: the file.
        garment: bool ``(h, w)``: where the garment is.
    """

    label: int
    jpeg: bytes
    garment: np.ndarray


class Scene:
    """A white background onto which shapes are drawn; colours are 0 to 255."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.pixels = np.full((SIDE, SIDE, 3), 255.0)

    def ellipse(self, x: float, y: float, wide: float, high: float, colour: np.ndarray) -> None:
        """Draw an ellipse with these half axes."""
        axes = max(1, int(wide)), max(1, int(high))
        self._lay(
            lambda m: cv2.ellipse(m, (int(x), int(y)), axes, 0, 0, 360, 1.0, -1, cv2.LINE_AA),
            colour,
        )

    def polygon(self, corners: list[tuple[float, float]], colour: np.ndarray) -> None:
        """Draw a polygon."""
        self._lay(
            lambda m: cv2.fillPoly(m, [np.array(corners).astype(np.int32)], 1.0, cv2.LINE_AA),
            colour,
        )

    def limb(
        self, a: tuple[float, float], b: tuple[float, float], wide: float, colour: np.ndarray
    ) -> None:
        """Draw a thick line."""
        ends = (int(a[0]), int(a[1])), (int(b[0]), int(b[1]))
        self._lay(lambda m: cv2.line(m, *ends, 1.0, max(2, int(wide)), cv2.LINE_AA), colour)

    def _lay(self, draw: Callable[[np.ndarray], object], colour: np.ndarray) -> None:
        mask = np.zeros((SIDE, SIDE))
        draw(mask)
        columns = np.flatnonzero(mask.max(axis=0) > 0.3)
        if not len(columns):
            return
        middle, half = columns.mean(), max(np.ptp(columns), 2)
        shade = 1 - 0.15 * np.abs((np.arange(SIDE) - middle) / half)
        tones = colour * (shade[None, :] + self.rng.normal(0, 0.015, mask.shape))[..., None]
        self.pixels += (np.clip(tones, 0, 255) - self.pixels) * mask[..., None]


def pick(colours: tuple[tuple[int, int, int], ...], rng: np.random.Generator) -> np.ndarray:
    return np.clip(np.array(colours[rng.integers(len(colours))]) * rng.uniform(0.9, 1.07), 0, 255)


def mix_colour(rng: np.random.Generator) -> np.ndarray:
    saturation = rng.choice([0, rng.uniform(20, 90), rng.uniform(90, 230)])
    hsv = np.array([[[rng.uniform(0, 180), saturation, rng.uniform(30, 250)]]])
    rgb = cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)
    return np.asarray(rgb[0, 0], dtype=float)


def dye(image: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """Colour a negated training image: white stays white, black stays black."""
    light = 1 - np.clip(image / 255.0, 0, 1)[..., None]
    own = max(float(colour @ (0.299, 0.587, 0.114)) / 255, 1e-3)
    dark = colour * light / own
    pale = colour + (255 - colour) * (light - own) / max(1 - own, 1e-3)
    return np.clip(np.where(light < own, dark, pale), 0, 255)


def cut_out(image: np.ndarray) -> np.ndarray:
    """Return the garment's coverage of each pixel, float ``(168, 168)``, 0 to 1."""
    mask = cv2.morphologyEx((image > 6).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3)))
    framed = np.pad(mask, 1)
    cv2.floodFill(framed, None, (0, 0), 2)
    whole = (framed[1:-1, 1:-1] != 2).astype(np.float32)
    soft = cv2.GaussianBlur(cv2.resize(whole, (GARMENT, GARMENT)), (0, 0), 1.5)
    return np.asarray(np.clip((soft - 0.35) / 0.3, 0, 1))


def draw_upper_body(scene: Scene, label: int, mask: np.ndarray, skin: np.ndarray) -> float:
    """Draw head, hair and arms behind a garment; return the row at which the picture begins."""
    rng = scene.rng
    rows, columns = np.nonzero(mask > 0.5)
    top, left, right = rows.min(), columns.min(), columns.max()
    high, wide, x = np.ptp(rows), np.ptp(columns), (columns.min() + columns.max()) / 2
    body = max(0.95 * wide, 0.33 * high) if label == DRESS else 0.93 * wide
    half = body * rng.uniform(0.13, 0.17)
    face = half * rng.uniform(1.25, 1.45)
    y = top - face * rng.uniform(0.75, 1.1)
    hair = pick(HAIRS, rng)
    scene.ellipse(x, y - 0.15 * face, 1.2 * half, 1.12 * face, hair)
    if rng.random() < 0.45:
        ends = top + 0.12 * high
        sides = [(-1.25, y), (1.25, y), (1.4, ends), (-1.4, ends)]
        scene.polygon([(x + at * half, row) for at, row in sides], hair)
    throat = top + 0.12 * high
    neck = [(-0.5, y), (0.5, y), (0.75, throat), (-0.75, throat)]
    scene.polygon([(x + at * half, row) for at, row in neck], 0.93 * skin)
    scene.ellipse(x, y, half, face, skin)
    for side in (-1, 1):
        scene.ellipse(x + 0.4 * side * half, y - 0.1 * face, 0.13 * half, 0.06 * face, hair)
    scene.ellipse(x, y + 0.5 * face, 0.3 * half, 0.07 * face, np.array([178.0, 89, 84]))
    for side, edge in ((-1, left), (1, right)):
        sleeve = np.flatnonzero(mask[:, int(edge - 0.04 * side * wide)] > 0.5)
        if not len(sleeve):
            continue
        end, at = sleeve.max(), edge - 0.07 * side * wide
        if label == T_SHIRT or (label in (DRESS, SHIRT) and end < top + 0.55 * high):
            low = max(
                end + 0.25 * high, top + high * rng.uniform(0.6 if label == DRESS else 1, 1.1)
            )
            hand = at - side * wide * rng.uniform(-0.02, 0.1)
            scene.limb((at, end - 5), (hand, low), 0.1 * body, skin)
            scene.ellipse(hand, low + 4, 0.06 * body, 0.09 * body, skin)
        else:
            scene.ellipse(at, end + 0.04 * body, 0.05 * body, 0.09 * body, skin)
    return float(
        rng.choice([y - 1.35 * face, y + 0.3 * face, y + 0.85 * face], p=[0.55, 0.25, 0.2])
    )


def draw_lower_body(scene: Scene, label: int, mask: np.ndarray, skin: np.ndarray) -> float:
    """Draw the legs below a top or a dress; return the row at which the picture ends."""
    rng = scene.rng
    rows, columns = np.nonzero(mask > 0.5)
    bottom, high, wide = rows.max(), np.ptp(rows), np.ptp(columns)
    x = (columns.min() + columns.max()) / 2
    if label == DRESS:
        for side in (-1, 1):
            low = bottom + high * rng.uniform(0.25, 0.45)
            scene.limb((x + 0.14 * side * wide, bottom - 4), (x + 0.11 * side * wide, low),
                       0.13 * wide, skin)  # fmt: skip
            scene.ellipse(x + 0.12 * side * wide, low + 4, 0.07 * wide, 0.06 * wide, 0.2 * skin)
        return float(bottom + high * rng.uniform(0.2, 0.55))
    half, crotch, end = wide * rng.uniform(0.26, 0.34), bottom + 0.28 * high, bottom + 1.2 * high
    scene.polygon(
        [(x - 0.9 * half, bottom - 0.1 * high), (x + 0.9 * half, bottom - 0.1 * high),
         (x + half, crotch), (x + 0.9 * half, end), (x + 3, end), (x, crotch), (x - 3, end),
         (x - 0.9 * half, end), (x - half, crotch)],
        pick(TROUSERS, rng),
    )  # fmt: skip
    return float(min(bottom + high * rng.uniform(0.08, 0.9), end))


def draw_around_trousers(scene: Scene, mask: np.ndarray, skin: np.ndarray) -> tuple[float, float]:
    """Draw shirt, hands and feet; return the rows at which the picture begins and ends."""
    rng = scene.rng
    rows, columns = np.nonzero(mask > 0.5)
    top, bottom, high, wide = rows.min(), rows.max(), np.ptp(rows), np.ptp(columns)
    x, half = (columns.min() + columns.max()) / 2, wide * rng.uniform(0.5, 0.65)
    above, below = top - 0.3 * high, top + 0.05 * high
    corners = [(x - half, above), (x + half, above), (x + half, below), (x - half, below)]
    scene.polygon(corners, mix_colour(rng))
    for side in (-1, 1):
        if rng.random() < 0.7:
            at = x + 1.28 * side * half
            scene.limb((at, above), (at, top + 0.1 * high), 0.16 * wide, skin)
            scene.ellipse(at, top + 0.13 * high, 0.09 * wide, 0.045 * high, skin)
        foot = 0.15 * skin if rng.random() < 0.6 else skin
        scene.ellipse(x + 0.3 * side * wide, bottom + 3, 0.16 * wide, 0.035 * high, foot)
    return float(top - high * rng.uniform(0.03, 0.28)), float(
        bottom + high * rng.uniform(0.03, 0.08)
    )


def show(
    image: np.ndarray,
    label: int,
    rng: np.random.Generator,
    size: tuple[int, int],
    *,
    worn: bool,
    cut: float = 0.0,
) -> Shown:
    """Return a validation image as a shop picture, cropped by a fraction on both sides."""
    scene, mask = Scene(rng), np.pad(cut_out(image), PAD)
    begin, end = 0.0, float(SIDE)
    if worn:
        skin = pick(SKINS, rng)
        if label == TROUSER:
            begin, end = draw_around_trousers(scene, mask, skin)
        else:
            end = draw_lower_body(scene, label, mask, skin)
            begin = draw_upper_body(scene, label, mask, skin)
    big = cv2.resize(image, (GARMENT, GARMENT), interpolation=cv2.INTER_CUBIC)
    cloth = np.pad(dye(big, mix_colour(rng)), ((PAD, PAD), (PAD, PAD), (0, 0)), constant_values=255)
    pixels = scene.pixels + (cloth - scene.pixels) * mask[..., None]
    pixels[: max(int(begin), 0)] = pixels[int(end) :] = 255
    page, where = lay_out(pixels, mask, size, margin=0 if cut else rng.uniform(0, 0.08), cut=cut)
    if cut:
        size = (round(size[1] * page.shape[1] / page.shape[0]), size[1])
    small = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    file = io.BytesIO()
    Image.fromarray(np.round(small).astype(np.uint8)).save(
        file, "JPEG", quality=int(rng.integers(75, 95))
    )
    garment = cv2.resize(where, size, interpolation=cv2.INTER_AREA) > 0.5
    return Shown(label, file.getvalue(), garment)


def lay_out(
    pixels: np.ndarray, mask: np.ndarray, size: tuple[int, int], *, margin: float, cut: float
) -> tuple[np.ndarray, np.ndarray]:
    """Place a scene on a white picture, or crop it where it exceeds the picture."""
    rows, columns = np.nonzero((255 - pixels).max(axis=2) > 8)
    top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    if cut:
        inset, lowest = int(cut * (right - left)), np.flatnonzero((mask > 0.5).any(axis=1)).max()
        part = (
            slice(top, min(bottom, int(lowest + 0.1 * GARMENT))),
            slice(left + inset, right - inset),
        )
        return pixels[part], mask[part]
    high, wide = bottom - top, right - left
    scale = max(high / size[1], wide / size[0]) * (1 + 2 * margin)
    page = np.full((max(high, int(scale * size[1])), max(wide, int(scale * size[0])), 3), 255.0)
    where = np.zeros(page.shape[:2])
    row, column = (page.shape[0] - high) // 2, (page.shape[1] - wide) // 2
    page[row : row + high, column : column + wide] = pixels[top:bottom, left:right]
    where[row : row + high, column : column + wide] = mask[top:bottom, left:right]
    return page, where
