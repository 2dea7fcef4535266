"""An outside picture (photo, drawing, figure, saved file) becomes one 28×28 image.

``decode_picture`` turns bytes into upright RGBA pixels; ``prepare_picture`` turns those into
the image that the network sees and keeps each step, so that a page can show them in order.

Stages, each a module or package: ``decode`` · ``segment`` (ground, GrabCut candidates, wearer,
seam, frames, figures) · ``drawing`` · ``compose`` (crop, scale, tones) · ``pipeline``.
"""

from fmnist.images.decode import decode_picture
from fmnist.images.pipeline import prepare_picture
from fmnist.images.records import Kind, Overrides, Prepared, Step, StepId

__all__ = ["Kind", "Overrides", "Prepared", "Step", "StepId", "decode_picture", "prepare_picture"]
