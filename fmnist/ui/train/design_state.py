"""The state of the Design view: its layers, their history, and the selected layer."""

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
        layers: the current layers.
        past: earlier versions of the layers, latest last.
        future: undone versions, latest last.
        at: index of the selected layer.
        version: number of changes made by the program rather than through a field; part of the
            fields' keys, so that they show the new values.
        seen: the design in the URL when it was last read or written.
    """

    layers: Architecture = field(default_factory=lambda: load_starting_point("cnn"))
    past: list[Architecture] = field(default_factory=list)
    future: list[Architecture] = field(default_factory=list)
    at: int = 0
    version: int = 0
    seen: str | None = None

    def change(self, layers: Architecture, at: int | None = None) -> None:
        """Replace the layers; the change can be undone.

        Args:
            layers: the new layers.
            at: index of the layer to select; None keeps the current index.
        """
        if layers != self.layers:
            self.past = [*self.past[-MAX_UNDO + 1 :], self.layers]
            self.future = []
        self._show(layers, self.at if at is None else at)

    def edit(self, layers: Architecture) -> None:
        """Apply a change that a field already shows."""
        version = self.version
        self.change(layers)
        self.version = version

    def undo(self) -> None:
        """Undo the last change."""
        if self.past:
            self.future.append(self.layers)
            self._show(self.past.pop(), self.at)

    def redo(self) -> None:
        """Redo the last change undone."""
        if self.future:
            self.past.append(self.layers)
            self._show(self.future.pop(), self.at)

    def choose(self, at: int) -> None:
        """Select another layer."""
        if at != self.at:
            self._show(self.layers, at)

    def attempt(self, build: Callable[[], Architecture], at: int | None = None) -> None:
        """Apply the result of ``build``; show an error as a toast."""
        try:
            self.change(build(), at)
        except RecipeError as error:
            show_toast(error)

    def follow_url(self) -> None:
        """Load the design in the URL if that has changed.

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
