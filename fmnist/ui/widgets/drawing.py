"""The content of the drawing canvas, without the canvas: history, filled areas, pixels.

Objects are those of the canvas' JSON (Fabric.js), in drawing order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Objects = list[dict[str, Any]]

Picture = NDArray[np.uint8]
"""uint8 RGBA ``(h, w, 4)``."""

DOT_RADIUS: Final = 2
"""Radius in pixels of the canvas' points, which mark what to fill."""

_TOLERANCE: Final = 24
"""Tones this close to the tone under the click belong to the area."""

_GAPS: Final = (0, 3, 6, 9)
"""Half the width in pixels of the gaps in an outline that a fill closes, tried in this order."""

_OPEN_SIDES: Final = 3
"""An area that touches this many sides of the canvas is the surroundings of a drawing."""

_MAX_STEPS: Final = 200
_ORIGINS: Final = {"left": 0.0, "center": 0.5, "right": 1.0}


@dataclass
class History:
    """Undo and redo for a canvas whose drawing the program also changes.

    The canvas loads the program's drawing when ``revision`` changes, and then reports it; that
    report is not an action of the person.

    Attributes:
        present: what lies on the canvas.
        past: what lay there before each action, oldest first.
        future: what was undone, the next to redo last.
        loaded: the drawing that the canvas loads.
        revision: number of times that ``loaded`` was changed.
        is_loading: whether the canvas has yet to report that it has loaded.
        note: why the last action had no effect; empty if it had.
    """

    present: Objects = field(default_factory=list)
    past: list[Objects] = field(default_factory=list)
    future: list[Objects] = field(default_factory=list)
    loaded: Objects = field(default_factory=list)
    revision: int = 0
    is_loading: bool = False
    note: str = ""

    def receive(self, objects: Objects) -> bool:
        """Take in a report of the canvas; return whether the person did something.

        Args:
            objects: all that lies on the canvas.
        """
        known = len(self.present)
        if self.is_loading:
            if [each["type"] for each in objects[:known]] != [
                each["type"] for each in self.present
            ]:
                return False  # sent before the canvas got the drawing to load
            self.is_loading = False
            self.present = objects[:known]
        # Equal objects are kept once: a snapshot then costs no more than what was added.
        pairs = zip(objects, self.present, strict=False)
        shared = [old if old == new else new for new, old in pairs] + objects[known:]
        if shared == self.present:
            return False
        self._push(shared)
        return True

    def replace(self, objects: Objects) -> None:
        """Let the canvas load another result of the person's last action."""
        self._load(objects)

    def reject(self, note: str) -> None:
        """Take the person's last action back, as one that could not be done.

        Args:
            note: says why.
        """
        self._load(self.past.pop())
        self.note = note

    def undo(self) -> None:
        """Go back by one action, if there is one."""
        if self.past:
            self.future.append(self.present)
            self._load(self.past.pop())

    def redo(self) -> None:
        """Repeat the action that was undone last, if there is one."""
        if self.future:
            self.past.append(self.present)
            self._load(self.future.pop())

    def clear(self) -> None:
        """Empty the canvas, which can be undone."""
        if self.present:
            self._push([])
            self._load([])

    def _push(self, objects: Objects) -> None:
        self.past = [*self.past, self.present][-_MAX_STEPS:]
        self.present, self.future, self.note = objects, [], ""

    def _load(self, objects: Objects) -> None:
        self.present = self.loaded = objects
        self.revision += 1
        self.is_loading, self.note = True, ""


def compose_drawing(strokes: Picture, base: Picture) -> Picture:
    """Lay strokes over the picture that the drawing started from; return an opaque grey picture.

    Args:
        strokes: transparent where nothing was drawn.
        base: opaque, of the same size.
    """
    alpha = strokes[..., 3].astype(np.float32) / 255
    drawn = cv2.cvtColor(strokes, cv2.COLOR_RGBA2GRAY)
    tones = np.round(drawn * alpha + base[..., 0] * (1 - alpha)).astype(np.uint8)
    return np.dstack([tones, tones, tones, np.full_like(tones, 255)])


def find_dot(drawn: dict[str, Any]) -> tuple[int, int] | None:
    """Return row and column of a point of the canvas; None for another object."""
    if drawn["type"] != "Circle" or float(drawn["radius"]) != DOT_RADIUS:
        return None
    # Points hang on their left edge, which includes half the line around them.
    return round(drawn["top"]), round(drawn["left"] + DOT_RADIUS + drawn["strokeWidth"] / 2)


def build_fills(
    tones: NDArray[np.uint8], place: tuple[int, int], color: str, *, is_mirrored: bool
) -> Objects:
    """Return the objects that fill the area around a place; none if its outline is open.

    Args:
        tones: uint8 ``(h, w)``, the drawing so far.
        place: row and column; outside the picture, the nearest is taken.
        color: CSS color.
        is_mirrored: whether to also fill the mirrored area.
    """
    height, width = tones.shape
    row, column = min(max(place[0], 0), height - 1), min(max(place[1], 0), width - 1)
    opposite = width - 1 - column
    areas = [find_area(tones, row, column)]
    if areas[0] is not None and is_mirrored and not areas[0][row, opposite]:
        areas.append(find_area(tones, row, opposite))
    return [build_fill(each, color) for each in areas if each is not None]


def find_area(tones: NDArray[np.uint8], row: int, column: int) -> NDArray[np.bool_] | None:
    """Return the area of one tone around a place, bool ``(h, w)``; None if it is open.

    Small gaps in its outline are closed. The anti-aliased edge of a stroke is not part of the area.

    Args:
        tones: uint8 ``(h, w)``.
        row: the row of the place.
        column: likewise.
    """
    walls = cv2.absdiff(tones, np.full_like(tones, tones[row, column])) > _TOLERANCE
    for gap in _GAPS:
        disk = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * gap + 1, 2 * gap + 1))
        thick = cv2.dilate(walls.astype(np.uint8), disk)
        if thick[row, column]:
            return None
        _, parts = cv2.connectedComponents(1 - thick, connectivity=4)
        area = parts == parts[row, column]
        sides = area[0].any(), area[-1].any(), area[:, 0].any(), area[:, -1].any()
        if sum(sides) < _OPEN_SIDES:
            return np.asarray(cv2.dilate(area.astype(np.uint8), disk).astype(bool) & ~walls)
    return None


def build_fill(area: NDArray[np.bool_], color: str) -> dict[str, Any]:
    """Return an object of the canvas that covers an area and the edge of the strokes around it.

    Args:
        area: bool ``(h, w)``.
        color: CSS color.
    """
    # One pixel more: the edge pixels of a stroke are half background.
    grown = cv2.dilate(area.astype(np.uint8), np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(grown, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    path: list[list[Any]] = []
    for contour in contours:
        points = (cv2.approxPolyDP(contour, 0.5, True)[:, 0] + 0.5).tolist()
        path.append(["M", *points[0]])
        # A curve, though straight: the canvas makes one polygon of a path of lines alone, and
        # would lose the holes.
        path += [["Q", *point, *point] for point in points[1:]]
        path.append(["Z"])
    # Even-odd leaves out the holes.
    look = {"fill": color, "fillRule": "evenodd", "stroke": color, "strokeWidth": 1}
    return {"type": "Path", "path": path, **look}


def mirror_object(drawn: dict[str, Any], *, width: int) -> dict[str, Any]:
    """Return an object of a canvas of a width in pixels, mirrored left to right."""
    extent = (float(drawn["width"]) + float(drawn["strokeWidth"])) * float(drawn["scaleX"])
    to_middle = (0.5 - _ORIGINS[drawn["originX"]]) * extent
    return {
        **drawn,
        "left": width - float(drawn["left"]) - 2 * to_middle,
        "flipX": not drawn["flipX"],
        "angle": -float(drawn["angle"]),
    }
