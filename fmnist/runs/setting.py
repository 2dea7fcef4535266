"""The description of one setting of a recipe, for all code that shows, checks or varies it."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from fmnist.errors import RecipeError

MAX_TEXT: Final = 1000
"""Longest text of a setting: a path or a name."""

Value = bool | int | float | str
"""The value of a setting."""

Widget = Literal["switch", "number", "slider", "scale", "select", "own"]
Section = Literal["main", "advanced", "run"]


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers between two bounds, as varied by a sweep.

    Attributes:
        low: smallest value, inclusive.
        high: largest value, inclusive.
        log: values are drawn uniformly in the logarithm.
        step: distance between the values that are tried; None for any number; not with ``log``.
    """

    low: float
    high: float
    log: bool = False
    step: float | None = None

    def contains(self, value: object) -> bool:
        """Return whether a value lies in the range."""
        return isinstance(value, int | float) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Choices:
    """A few unordered values, as varied by a sweep.

    Attributes:
        values: the values, at least two.
    """

    values: tuple[Value, ...]

    def contains(self, value: object) -> bool:
        """Return whether a value is one of the choices."""
        return value in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a recipe: its values, its texts, and where it is shown.

    Attributes:
        name: field of ``Recipe``, key in ``recipe.json``.
        default: as in ``Recipe``; its type is the setting's type.
        label: name on a page, in a table and on an axis.
        help: tooltip on a page and text in ``--help``.
        section: ``main`` settings are always visible in the form, ``advanced`` ones in its part
            "Advanced settings"; ``run`` settings have their own place or are only options of the
            command.
        widget: ``switch``; ``number`` (a field), ``slider`` (from ``low`` to ``high``), ``scale``
            (a slider over ``offered``); ``select`` (one of ``choices`` or of ``offered``); ``own``:
            the page draws it itself.
        low, high: bounds of a number, inclusive; None for another type.
        step: step of the field or slider.
        offered: the numbers offered by a scale or selection; others between the bounds are valid,
            too.
        choices: the allowed values of a choice, each with its label.
        meaning: what a text must be, for the error message.
        max_length: maximum number of characters of a text.
        format: printf format of a number; ``percent`` shows a share as 5%.
        sweep: values that a sweep varies by default, or None if it can't vary the setting.
        in_runs: whether the table of runs shows it by default.
    """

    name: str
    default: Value
    label: str
    help: str
    section: Section
    widget: Widget
    low: float | None = None
    high: float | None = None
    step: float | None = None
    offered: tuple[float, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    meaning: str = "text"
    max_length: int = MAX_TEXT
    format: str = "%g"
    sweep: Range | Choices | None = None
    in_runs: bool = False

    @property
    def type(self) -> type[bool] | type[int] | type[float] | type[str]:
        """The type of its values."""
        return type(self.default)

    @property
    def flag(self) -> str:
        """The option of ``python -m fmnist train``."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value of a number, of its type (``int`` or ``float``)."""
        assert self.low is not None
        assert self.high is not None
        return self.low, self.high

    def check(self, value: object) -> None:
        """Check that a value is allowed.

        Raises:
            RecipeError: it is not; the message names setting, value and what is allowed.
        """
        if (allowed := self._describe_refusal(value)) is not None:
            raise RecipeError(f"{self.name} is {reprlib.repr(value)}; it must be {allowed}.")

    def _describe_refusal(self, value: object) -> str | None:
        if self.choices:
            is_one = isinstance(value, str) and value in self.choices
            return None if is_one else f"one of {', '.join(self.choices)}"
        if self.type is bool:
            return None if isinstance(value, bool) else "true or false"
        if self.type is str:
            is_text = (
                isinstance(value, str) and len(value) <= self.max_length and value.isprintable()
            )
            return None if is_text else f"{self.meaning}, or empty"
        low, high = self.bounds
        is_whole = self.type is int
        is_number = isinstance(value, int if is_whole else int | float)
        if is_number and not isinstance(value, bool) and low <= value <= high:  # type: ignore[operator]
            return None
        kind = "a whole number" if is_whole else "a number"
        return f"{kind} from {low:,} to {high:,}"

    def format_value(self, value: object) -> str:
        """Format a value for display: ``0.002``, ``5%``, ``yes``, ``Flip``, ``–`` for no text."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return f"{100 * value:g}%" if self.format == "percent" else self.format % value
        return self.choices.get(str(value), str(value)) or "–"
