"""Chooses how a garment lies or stands: a pair, from above, spread, worn, or another kind of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fmnist.training.domain_augmentation import pairs, poses
from fmnist.training.domain_augmentation.backpacks import show_backpack
from fmnist.training.domain_augmentation.canvas import SIDE, Canvas, turn
from fmnist.training.domain_augmentation.coats import open_front
from fmnist.training.domain_augmentation.drawn import draw_loosely
from fmnist.training.domain_augmentation.dresses import add_sleeves, flare_skirt
from fmnist.training.domain_augmentation.marks import draw_marks
from fmnist.training.domain_augmentation.slides import show_slide
from fmnist.training.domain_augmentation.wearer import add_wearer

_MIDDLE: Final = (SIDE / 2, SIDE / 2)

_KINDS: Final[dict[int, Callable[[Canvas, np.random.Generator], Canvas]]] = {
    poses.SANDAL: show_slide,
    poses.BAG: show_backpack,
    poses.COAT: poses.cut_sleeves,
}


def _shoes(sandal: float, sneaker: float, boot: float = 0.0) -> dict[int, float]:
    return {poses.SANDAL: sandal, poses.SNEAKER: sneaker, poses.BOOT: boot}


@dataclass(frozen=True, slots=True)
class PoseShares:
    """How often a garment is posed in each way.

    Attributes:
        kind_shares: shares of photographed garments that become a kind of their class that the data
            set hardly has, by label: flat sandals, backpacks and vests.
        drawn_kinds: factor of ``kind_shares`` in drawings.
        pair_shares: shares of photographed shoes shown as a pair, by label.
        drawn_pairs: factor of ``pair_shares`` in drawings.
        above_shares: shares of single shoes photographed from above, by label.
        drawn_above_shares: likewise in drawings.
        sleeve_share: share of dresses that get sleeves.
        flared_share: share of dresses with a wider skirt.
        open_share: share of photographed coats that are open.
        worn_share: share of photos with a part of the wearer.
        spread_shares: shares of photos with sleeves or legs spread, by label.
        drawn_spread_shares: likewise in drawings.
    """

    kind_shares: Mapping[int, float] = field(
        default_factory=lambda: {poses.SANDAL: 0.12, poses.BAG: 0.08, poses.COAT: 0.1}
    )
    drawn_kinds: float = 0.4
    pair_shares: Mapping[int, float] = field(default_factory=lambda: _shoes(0.6, 0.6, 0.5))
    drawn_pairs: float = 0.3
    above_shares: Mapping[int, float] = field(default_factory=lambda: _shoes(0.4, 0.35))
    drawn_above_shares: Mapping[int, float] = field(default_factory=lambda: _shoes(0.8, 0.0))
    sleeve_share: float = 0.2
    flared_share: float = 0.5
    open_share: float = 0.22
    worn_share: float = 0.12
    spread_shares: Mapping[int, float] = field(
        default_factory=lambda: dict.fromkeys(poses.TOPS, 0.45) | {poses.TROUSER: 0.5}
    )
    drawn_spread_shares: Mapping[int, float] = field(
        default_factory=lambda: dict.fromkeys(poses.TOPS, 0.75) | {poses.TROUSER: 0.85}
    )


PARAMETERS: Final = PoseShares()


def pose_garment(canvas: Canvas, label: int, rng: np.random.Generator, *, is_drawn: bool) -> Canvas:
    """Return a garment as people arrange, wear, photograph or draw one of its class."""
    kinds = PARAMETERS.kind_shares.get(label, 0.0) * (PARAMETERS.drawn_kinds if is_drawn else 1.0)
    if rng.random() < kinds:
        return _KINDS[label](canvas, rng)
    paired = PARAMETERS.pair_shares.get(label, 0.0) * (PARAMETERS.drawn_pairs if is_drawn else 1.0)
    if rng.random() < paired:
        return pairs.build_pair(canvas, label, rng)
    above = PARAMETERS.drawn_above_shares if is_drawn else PARAMETERS.above_shares
    if rng.random() < above.get(label, 0.0):
        shoe = pairs.show_from_above(canvas, label, rng)
        return turn(shoe, rng.choice([90, -90]) + rng.normal(0, 30), *_MIDDLE)
    if label == poses.DRESS:
        if rng.random() < PARAMETERS.flared_share:
            canvas = flare_skirt(canvas, rng)
        if rng.random() < PARAMETERS.sleeve_share:
            canvas = add_sleeves(canvas, rng)
    if is_drawn:
        canvas = draw_loosely(canvas, label, rng)
    spread = PARAMETERS.drawn_spread_shares if is_drawn else PARAMETERS.spread_shares
    if rng.random() < spread.get(label, 0.0):
        canvas = poses.spread_limbs(canvas, label, rng)
    if label == poses.COAT and not is_drawn and rng.random() < PARAMETERS.open_share:
        canvas = open_front(canvas, rng)
    if is_drawn:
        return draw_marks(canvas, label, rng)
    if rng.random() < PARAMETERS.worn_share:
        canvas = add_wearer(canvas, label, rng)
    return canvas
