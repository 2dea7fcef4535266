"""Custom networks for tests."""

from __future__ import annotations

import json

EVERY_LAYER = json.dumps([
    {"layer": "Conv2D", "filters": 8, "kernel_size": 5, "padding": "valid", "activation": "relu"},
    {"layer": "AveragePooling2D", "pool_size": 3, "strides": 2},
    {"layer": "ResidualBlock", "filters": 8},
    {"layer": "ResidualBlock", "filters": 16, "strides": 2},
    {"layer": "Conv2D", "filters": 12, "strides": 2, "use_bias": False},
    {"layer": "BatchNormalization"},
    {"layer": "Activation", "activation": "gelu"},
    {"layer": "MaxPooling2D", "padding": "valid"},
    {"layer": "ResidualBlock", "filters": 12},
    {"layer": "ResidualBlock", "filters": 12},
    {"layer": "GlobalAveragePooling2D"},
    {"layer": "Dropout", "rate": 0.25},
    {"layer": "Dense", "units": 9, "activation": "silu"},
    {"layer": "Dropout"},
    {"layer": "Dense", "units": 10, "activation": "softmax"},
])  # fmt: skip
