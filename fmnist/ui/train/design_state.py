"""The state of the Design view: the layers, their history, and the selected one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from fmnist.errors import RecipeError
from fmnist.networks.design_link import decode_design, encode_design
from fmnist.networks.registry import STARTING_POINTS
from fmnist.runs.architecture import Architecture, parse_architecture
from fmnist.ui.shell.messages import show_toast
from fmnist.ui.shell.url import read_parameter, write_parameter

PARAMETER: Final = "design"
"""URL parameter with the design itself, so that a link shares it."""

MAX_UNDO: Final = 100
"""Number of changes that can be undone."""


def load_starting_point(name: str) -> Architecture:
    """Return the layers of ``baseline`` or ``cnn``."""
    return parse_architecture((STARTING_POINTS / f"{name}.json").read_bytes())


@dataclass
class DesignState:
    """The design of this session.

    Attributes:
        layers: as they are.
        past: what they were before, the last change last.
        future: what was undone, the last one last.
        at: position of the layer in hand.
        version: how often the program, not a field, changed something: fields get new keys.
        seen: the design that the URL had when it was last read or written.
    """

    layers: Architecture = field(default_factory=lambda: load_starting_point("cnn"))
    past: list[Architecture] = field(default_factory=list)
    future: list[Architecture] = field(default_factory=list)
    at: int = 0
    version: int = 0
    seen: str | None = None

    def change(self, layers: Architecture, at: int | None = None) -> None:
        """Take over changed layers; the change can be undone.

        Args:
            layers: the new ones.
            at: the layer in hand from now on; None for the same position.
        """
        if layers != self.layers:
            self.past = [*self.past[-MAX_UNDO + 1 :], self.layers]
            self.future = []
        self._show(layers, self.at if at is None else at)

    def edit(self, layers: Architecture) -> None:
        """Take over a change that a field already shows."""
        version = self.version
        self.change(layers)
        self.version = version

    def undo(self) -> None:
        """Go back by one change."""
        if self.past:
            self.future.append(self.layers)
            self._show(self.past.pop(), self.at)

    def redo(self) -> None:
        """Repeat the change that was undone last."""
        if self.future:
            self.past.append(self.layers)
            self._show(self.future.pop(), self.at)

    def choose(self, at: int) -> None:
        """Select another layer."""
        if at != self.at:
            self._show(self.layers, at)

    def attempt(self, build: Callable[[], Architecture], at: int | None = None) -> None:
        """Take over the result of ``build``; an error becomes a toast."""
        try:
            self.change(build(), at)
        except RecipeError as error:
            show_toast(error)

    def follow_url(self) -> None:
        """Take over the design of the URL where that has changed.

        Raises:
            RecipeError: it can't be read.
        """
        asked = read_parameter(PARAMETER)
        if asked is not None and asked != self.seen:
            self.seen = asked
            self.change(decode_design(asked), 0)

    def write_url(self) -> None:
        """Write the design into the URL."""
        self.seen = encode_design(self.layers)
        write_parameter(PARAMETER, self.seen)

    def _show(self, layers: Architecture, at: int) -> None:
        self.layers, self.at = layers, min(max(at, 0), len(layers) - 1)
        self.version += 1
