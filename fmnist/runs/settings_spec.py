"""How the settings of a recipe are shown to a person."""

from __future__ import annotations

AUGMENTATION_LABELS = {
    "none": "None",
    "flip": "Flip",
    "flip_shift": "Flip and shift",
    "flip_erase": "Flip and erase",
    "flip_shift_erase": "Flip, shift and erase",
    "outside": "As outside pictures",
}
SCHEDULE_LABELS = {
    "constant": "Constant",
    "cosine": "Warm-up, cosine",
}
PRECISION_LABELS = {
    "auto": "Whichever is faster here",
    "float32": "32 bits",
    "mixed_bfloat16": "16 bits where they suffice",
}
