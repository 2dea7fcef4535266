"""A segmented garment becomes one 28×28 image: crop, scale and tones."""
