"""What one page leaves for another to take up, since no page's folder imports another's."""

from __future__ import annotations

from dataclasses import dataclass

from fmnist.runs import Recipe


@dataclass
class Handover:
    """At most one thing for each page; whoever takes it up sets it to None.

    Attributes:
        recipe: for Train: settings that its form shows next.
        repeat_run: for Study: name of the run whose recipe its form repeats over seeds next.
    """

    recipe: Recipe | None = None
    repeat_run: str | None = None
