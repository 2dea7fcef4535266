"""The number of bad inputs tried by a fuzz test, and their seed.

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
    """Return how many of ``full`` inputs to try, as set by ``FMNIST_FUZZ_SCALE``."""
    scale = float(os.environ.get("FMNIST_FUZZ_SCALE", DEFAULT_SCALE))
    return max(1, math.ceil(full * scale))
