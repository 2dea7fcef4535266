"""An outside picture (photo, drawing, saved file) becomes one 28×28 image, each step kept.

``decode_picture`` turns bytes into upright RGBA pixels; ``prepare_picture`` turns those into
the image that the network sees, by way of steps that a page can show one after the other.
"""

from fmnist.images.decode import decode_picture
from fmnist.images.prepare import prepare_picture
from fmnist.images.records import Kind, Prepared, Step, Wishes

__all__ = ["Kind", "Prepared", "Step", "Wishes", "decode_picture", "prepare_picture"]
