"""Small files that cost a decoder or the segmentation minutes or gigabytes."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image


def build_many_scans(n_scans: int, side: int = 64) -> bytes:
    """A progressive JPEG that repeats its last scan."""
    file = io.BytesIO()
    picture = np.random.default_rng(0).integers(0, 255, (side, side, 3), np.uint8)
    Image.fromarray(picture).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    return data[:last] + scan * (n_scans - data.count(b"\xff\xda") + 1) + data[-2:]


def build_stripes(side: int = 640) -> bytes:
    """A fine grid of black and white, in which GrabCut finds no edge for seconds on 192 pixels."""
    y, x = np.mgrid[0:side, 0:side]
    picture = np.where((x % 2 == 0) & (y % 4 < 2), 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(np.dstack([picture] * 3)).save(file, "PNG")
    return file.getvalue()
