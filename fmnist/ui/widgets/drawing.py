"""The content of the drawing canvas, independent of the widget: history, filled areas, pixels.

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
"""Radius, in pixels, of the canvas' points, which mark where to fill."""

_TOLERANCE: Final = 24
"""Maximum difference from the tone under the click within an area."""

_GAPS: Final = (0, 3, 6, 9)
"""Half the width, in pixels, of the gaps in an outline that a fill closes, tried in this order."""

_OPEN_SIDES: Final = 3
"""An area that touches this many sides of the canvas lies outside the drawing."""

_MAX_STEPS: Final = 200
_ORIGINS: Final = {"left": 0.0, "center": 0.5, "right": 1.0}


@dataclass
class History:
    """Undo and redo for a canvas whose drawing the program also modifies.

    The canvas loads the program's drawing when ``revision`` changes, and then reports it; that
    report does not count as an action of the person.

    Attributes:
        present: the objects on the canvas.
        past: the objects before each action, oldest first.
        future: undone states, the next to redo last.
        loaded: the drawing that the canvas loads.
        revision: number of times that ``loaded`` has changed.
        is_loading: whether the canvas has yet to report that it has loaded.
        note: why the last action had no effect; empty if it had one.
    """

    present: Objects = field(default_factory=list)
    past: list[Objects] = field(default_factory=list)
    future: list[Objects] = field(default_factory=list)
    loaded: Objects = field(default_factory=list)
    revision: int = 0
    is_loading: bool = False
    note: str = ""

    def receive(self, objects: Objects) -> bool:
        """Process a report of the canvas; return whether the person did something.

        Args:
            objects: all objects on the canvas.
        """
        known = len(self.present)
        if self.is_loading:
            if [each["type"] for each in objects[:known]] != [
                each["type"] for each in self.present
            ]:
                return False  # sent before the canvas received the drawing to load
            self.is_loading = False
            self.present = objects[:known]
        # Equal objects are shared, so a snapshot costs no more than what was added.
        pairs = zip(objects, self.present, strict=False)
        shared = [old if old == new else new for new, old in pairs] + objects[known:]
        if shared == self.present:
            return False
        self._push(shared)
        return True

    def replace(self, objects: Objects) -> None:
        """Replace the result of the person's last action on the canvas."""
        self._load(objects)

    def reject(self, note: str) -> None:
        """Revert the person's last action because it had no valid result.

        Args:
            note: the reason.
        """
        self._load(self.past.pop())
        self.note = note

    def undo(self) -> None:
        """Undo the last action, if there is one."""
        if self.past:
            self.future.append(self.present)
            self._load(self.past.pop())

    def redo(self) -> None:
        """Redo the last undone action, if there is one."""
        if self.future:
            self.past.append(self.present)
            self._load(self.future.pop())

    def clear(self) -> None:
        """Empty the canvas; can be undone."""
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
    """Composite strokes onto the starting image; return an opaque grey picture.

    Args:
        strokes: transparent where nothing was drawn.
        base: opaque, of the same size.
    """
    alpha = strokes[..., 3].astype(np.float32) / 255
    drawn = cv2.cvtColor(strokes, cv2.COLOR_RGBA2GRAY)
    tones = np.round(drawn * alpha + base[..., 0] * (1 - alpha)).astype(np.uint8)
    return np.dstack([tones, tones, tones, np.full_like(tones, 255)])


def find_dot(drawn: dict[str, Any]) -> tuple[int, int] | None:
    """Return row and column of a canvas point; None for any other object."""
    if drawn["type"] != "Circle" or float(drawn["radius"]) != DOT_RADIUS:
        return None
    # Points are anchored at their left edge, including half the line around them.
    return round(drawn["top"]), round(drawn["left"] + DOT_RADIUS + drawn["strokeWidth"] / 2)


def build_fills(
    tones: NDArray[np.uint8], place: tuple[int, int], color: str, *, is_mirrored: bool
) -> Objects:
    """Return the objects that fill the area around a point; none if its outline is open.

    Args:
        tones: uint8 ``(h, w)``, the drawing so far.
        place: row and column; clipped to the picture.
        color: CSS color.
        is_mirrored: whether to fill the mirrored area as well.
    """
    height, width = tones.shape
    row, column = min(max(place[0], 0), height - 1), min(max(place[1], 0), width - 1)
    opposite = width - 1 - column
    areas = [find_area(tones, row, column)]
    if areas[0] is not None and is_mirrored and not areas[0][row, opposite]:
        areas.append(find_area(tones, row, opposite))
    return [build_fill(each, color) for each in areas if each is not None]


def find_area(tones: NDArray[np.uint8], row: int, column: int) -> NDArray[np.bool_] | None:
    """Return the area of one tone around a point, bool ``(h, w)``; None if it is open.

    Small gaps in its outline are closed. The anti-aliased edge of a stroke does not belong to the
    area.

    Args:
        tones: uint8 ``(h, w)``.
        row: row of the point.
        column: column of the point.
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
    """Return a canvas object that covers an area and the edges of the strokes around it.

    Args:
        area: bool ``(h, w)``.
        color: CSS color.
    """
    # One pixel larger, because the edge pixels of a stroke are half background.
    grown = cv2.dilate(area.astype(np.uint8), np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(grown, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    path: list[list[Any]] = []
    for contour in contours:
        points = (cv2.approxPolyDP(contour, 0.5, True)[:, 0] + 0.5).tolist()
        path.append(["M", *points[0]])
        # Straight lines written as curves: the canvas would merge a path of lines into one polygon
        # and lose the holes.
        path += [["Q", *point, *point] for point in points[1:]]
        path.append(["Z"])
    # The even-odd rule excludes the holes.
    look = {"fill": color, "fillRule": "evenodd", "stroke": color, "strokeWidth": 1}
    return {"type": "Path", "path": path, **look}


def mirror_object(drawn: dict[str, Any], *, width: int) -> dict[str, Any]:
    """Return a canvas object mirrored left to right, for a canvas of the given width in pixels."""
    extent = (float(drawn["width"]) + float(drawn["strokeWidth"])) * float(drawn["scaleX"])
    to_middle = (0.5 - _ORIGINS[drawn["originX"]]) * extent
    return {
        **drawn,
        "left": width - float(drawn["left"]) - 2 * to_middle,
        "flipX": not drawn["flipX"],
        "angle": -float(drawn["angle"]),
    }
