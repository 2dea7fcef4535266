"""An outside picture (photo, drawing, figure, saved file) becomes one 28×28 image.

``decode.decode_picture`` turns bytes into upright RGBA pixels; ``pipeline.prepare_picture`` turns
those into the image that the network sees and keeps each step, so that a page can show them in
order. ``get_picture_pool`` does both with uploaded files, in processes with limits of time and
memory; its callers do not load the libraries that they use.

Stages, each a module or package: ``decode`` · ``segment`` (ground, GrabCut candidates, wearer,
seam, frames, figures) · ``drawing`` · ``compose`` (crop, scale, tones) · ``pipeline``.
"""

from fmnist.images.pool import PicturePool, get_picture_pool
from fmnist.images.records import Kind, Overrides, Prepared, ReadPicture, Step, StepId, WayOfReading

__all__ = [
    "Kind",
    "Overrides",
    "PicturePool",
    "Prepared",
    "ReadPicture",
    "Step",
    "StepId",
    "WayOfReading",
    "get_picture_pool",
]
