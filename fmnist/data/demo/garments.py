"""The function that draws the garments of each class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fmnist.data.demo import bags, clothes, shoes
from fmnist.data.demo.canvas import Canvas

DRAWERS: Final[tuple[Callable[[Canvas], None], ...]] = (
    clothes.draw_t_shirt,
    clothes.draw_trouser,
    clothes.draw_pullover,
    clothes.draw_dress,
    clothes.draw_coat,
    shoes.draw_sandal,
    clothes.draw_shirt,
    shoes.draw_sneaker,
    bags.draw_bag,
    shoes.draw_ankle_boot,
)
"""In label order."""
