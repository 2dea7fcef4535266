"""Values with their labels as one HTML element; ``st.metric`` would need one element for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value of a row.

    Attributes:
        label: its name.
        value: its text.
        meaning: its tooltip; empty for none.
        note: shown below it on a card.
    """

    label: str
    value: str
    meaning: str = ""
    note: str = ""


def draw_values(values: Sequence[ShownValue]) -> str:
    """Draw a row of values whose layout stays while they change."""
    return (
        '<dl style="display:grid;gap:0.25rem 0.5rem;margin:0.75rem 0 0;padding:0;'
        'grid-template-columns:repeat(auto-fit,minmax(72px,1fr))">'
        + "".join(map(_draw_value, values))
        + "</dl>"
    )


def _draw_value(shown: ShownValue) -> str:
    tooltip = f' title="{escape(shown.meaning)}"' if shown.meaning else ""
    return (
        f'<div{tooltip} style="white-space:nowrap">'
        f'<dt style="font-size:0.85rem;font-weight:400;opacity:0.8">{escape(shown.label)}</dt>'
        '<dd style="font-size:1.15rem;font-variant-numeric:tabular-nums;margin:0">'
        f"{escape(shown.value)}</dd></div>"
    )


_CARDS: Final = """
.cards > dl { display: flex; flex-wrap: wrap; gap: 1rem; margin: 0; padding: 0; }
.cards > dl > div { flex: 1 1 auto; padding: 0.9rem 1rem; border-radius: 0.6rem;
  border: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
.cards dt { font-size: 0.875rem; font-weight: 400; }
.cards dd { margin: 0; }
.cards .value { font-size: 1.6rem; line-height: 1.5; }
.cards .note { display: inline-block; padding: 0.1rem 0.5rem; border-radius: 1rem;
  font-size: 0.875rem; background: color-mix(in srgb, currentColor 6%, transparent); }
"""


def draw_cards(values: Sequence[ShownValue]) -> str:
    """Draw values large, each on a card with its note."""
    cards = "".join(
        f'<div><dt>{escape(shown.label)}</dt><dd class="value">{escape(shown.value)}</dd>'
        f'<dd class="note">{escape(shown.note)}</dd></div>'
        for shown in values
    )
    return f'<div class="cards"><style>{_CARDS}</style><dl>{cards}</dl></div>'
