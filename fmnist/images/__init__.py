"""An outside picture (photo, drawing, saved file) becomes one 28×28 image, each step kept.

``decode_picture`` turns bytes into upright RGBA pixels; ``prepare_picture`` turns those into
the image that the network sees, by way of steps that a page can show one after the other.
"""

from fmnist.images.decode import decode_picture
from fmnist.images.pipeline import prepare_picture
from fmnist.images.records import Kind, Overrides, Prepared, Step

__all__ = ["Kind", "Overrides", "Prepared", "Step", "decode_picture", "prepare_picture"]
