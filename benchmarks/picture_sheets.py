"""Contact sheets of pictures with mask, 28×28 image and prediction; one PNG per folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.images import Prepared
from fmnist.images.records import Pixels
from fmnist.inference import Verdict

_COLUMNS: Final = 6
_PICTURE: Final = 150
_IMAGE: Final = 112
_CAPTION: Final = 34
_GAP: Final = 8
_OUTLINE: Final = (255, 0, 255)
_RIGHT: Final = (0, 120, 0)
_WRONG: Final = (0, 0, 200)
_NO_TRUTH: Final = (90, 90, 90)
"""Colours are blue, green, red, as OpenCV writes them."""


@dataclass(frozen=True)
class Entry:
    """One picture of a sheet.

    Attributes:
        name: its file name.
        prepared: the image and the steps that led to it.
        verdict: the prediction in words.
        is_right: whether it is correct; None if the picture shows none of the ten classes.
    """

    name: str
    prepared: Prepared
    verdict: Verdict
    is_right: bool | None


def write_sheet(path: Path, entries: Sequence[Entry]) -> None:
    """Write a sheet, creating its folders.

    Args:
        path: a PNG file.
        entries: at least one.
    """
    tiles = [_draw_tile(entry) for entry in entries]
    tiles += [np.full_like(tiles[0], 255)] * (-len(tiles) % _COLUMNS)
    rows = [np.hstack(tiles[first : first + _COLUMNS]) for first in range(0, len(tiles), _COLUMNS)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", np.vstack(rows))[1].tobytes())


def _draw_tile(entry: Entry) -> Pixels:
    height = _PICTURE + _CAPTION
    tile = np.full((height + _GAP, _PICTURE + _IMAGE + 3 * _GAP, 3), 255, np.uint8)
    picture = _draw_outlined(entry.prepared)
    tile[: len(picture), : picture.shape[1]] = picture
    image = cv2.resize(
        entry.prepared.image, (_IMAGE, _IMAGE), interpolation=cv2.INTER_NEAREST_EXACT
    )
    tile[:_IMAGE, _PICTURE + _GAP : _PICTURE + _GAP + _IMAGE] = image[..., None]
    colour = {None: _NO_TRUTH, True: _RIGHT, False: _WRONG}[entry.is_right]
    verdict = entry.verdict
    label = "nothing" if verdict.label is None else CLASS_NAMES[verdict.label]
    doubt = " (none of the ten)" if verdict.is_outlier else "" if verdict.is_sure else " (unsure)"
    lines = f"{label} {verdict.probability:.0%}{doubt}", entry.name[:38]
    for number, (text, tone) in enumerate(zip(lines, (colour, _NO_TRUTH), strict=True)):
        place = (2, _PICTURE + 13 + 15 * number)
        cv2.putText(tile, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.42, tone, 1, cv2.LINE_AA)
    return tile


def _draw_outlined(prepared: Prepared) -> NDArray[np.uint8]:
    """Return the picture that was segmented, BGR, with the outline of its garment."""
    garment = prepared.find_step("garment")
    size = None if garment is None else garment.picture.shape
    picture = next(
        (each.picture for each in prepared.steps if each.picture.shape == size),
        prepared.steps[0].picture,
    )
    scale = _PICTURE / max(picture.shape[:2])
    shape = tuple(max(1, round(scale * side)) for side in picture.shape[1::-1])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST_EXACT
    shown = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), shape, interpolation=how)
    if garment is not None:
        mask = (garment.picture > 0).any(axis=2).astype(np.uint8)
        mask = cv2.resize(mask, shape, interpolation=cv2.INTER_NEAREST_EXACT)
        outlines, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(shown, outlines, -1, _OUTLINE, 1)
    return np.asarray(shown)
