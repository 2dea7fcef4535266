"""Values with their labels, as a row whose layout stays while the values change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value of a row.

    Attributes:
        label: its name.
        value: its text.
        meaning: its tooltip; empty for none.
    """

    label: str
    value: str
    meaning: str = ""


def draw_values(values: Sequence[ShownValue]) -> str:
    """Draw a row of values as one HTML element; ``st.metric`` would need one element for each."""
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
