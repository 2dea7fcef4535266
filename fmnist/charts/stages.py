"""The stages of a run as a checklist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fmnist.charts.theme import ACCENT_COLOR, MUTED_COLOR, TRAIN_COLOR
from fmnist.runs.progress import Stage

_SIGNS: Final = {
    "done": ("✓", TRAIN_COLOR, "done"),
    "now": ("●", ACCENT_COLOR, "at work"),
    "ended": ("✗", ACCENT_COLOR, "ended here"),
    "ahead": ("○", MUTED_COLOR, "to come"),
}
"""For each ``Stage.is_at``: sign, colour, and the words for screen readers."""


def draw_stages(stages: Sequence[Stage]) -> str:
    """Draw a list of stages with their seconds, as HTML; its height does not depend on them.

    Args:
        stages: from ``fmnist.runs.progress.list_stages``.
    """
    return (
        '<div role="list" style="display:grid;gap:0.25rem 0.5rem;font-size:0.85rem;'
        'grid-template-columns:repeat(auto-fit,minmax(72px,1fr))">'
        + "".join(_draw_stage(stage) for stage in stages)
        + "</div>"
    )


def _draw_stage(stage: Stage) -> str:
    sign, color, words = _SIGNS[stage.is_at]
    seconds = f"{stage.seconds:,.0f} s" if stage.seconds >= 1 or stage.is_at == "now" else "–"
    weight = "600" if stage.is_at == "now" else "400"
    return (
        f'<div role="listitem" aria-label="{stage.name}: {words}, {seconds}" '
        f'style="border-top:3px solid {color};padding-top:2px;white-space:nowrap">'
        f'<span style="font-weight:{weight}">{sign} {stage.name}</span><br>'
        f'<span style="opacity:0.8">{seconds}</span></div>'
    )
