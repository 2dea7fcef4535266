"""Converts any picture (photo, drawing, plot, saved file) to one 28×28 image.

``decode.decode_picture`` turns bytes into upright RGBA pixels. ``pipeline.prepare_picture`` turns
those into the image that the network sees, and keeps each step so that a page can show it.
``get_picture_pool`` does both for uploaded files, in processes with limits on time and memory, so
that its callers need not load the libraries involved.

The stages, each a module or package: ``decode`` · ``segment`` (background, GrabCut candidates,
wearer, seam, frames, figures) · ``drawing`` · ``compose`` (crop, scale, tones) · ``pipeline``.
"""

from fmnist.images.picture_pool import PicturePool, get_picture_pool
from fmnist.images.records import Kind, KindChoice, LoadedPicture, Overrides, Prepared, Step, StepId

__all__ = [
    "Kind",
    "KindChoice",
    "LoadedPicture",
    "Overrides",
    "PicturePool",
    "Prepared",
    "Step",
    "StepId",
    "get_picture_pool",
]
