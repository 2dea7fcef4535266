"""Turns a segmented garment into one 28×28 image: crop, scale and tones."""
