"""How many bad inputs a fuzz test tries, and from which seed.

Every test of ``tests/fuzz`` draws its inputs from ``numpy.random.default_rng(SEED + number)``, so
that a failing one can be repeated from its number alone.
"""

from __future__ import annotations

import math
import os

SEED = 20_260
DEFAULT_SCALE = 0.05
"""The part that `make test-all` tries; `make fuzz` sets ``FMNIST_FUZZ_SCALE`` to 1: all of them."""


def scale_count(full: int) -> int:
    """Return how many of ``full`` inputs to try: the share that ``FMNIST_FUZZ_SCALE`` says."""
    scale = float(os.environ.get("FMNIST_FUZZ_SCALE", DEFAULT_SCALE))
    return max(1, math.ceil(full * scale))
