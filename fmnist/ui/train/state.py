"""The state of the Train page in a browser session."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from fmnist.networks import CLASSICAL_MODELS, NETWORKS, NetworkInfo, find_network
from fmnist.runs import Recipe
from fmnist.runs.recipe import CUSTOM
from fmnist.ui.shell.handover import Handover
from fmnist.ui.shell.page_state import Field, UrlChoice, get_state


@dataclass
class TrainForm:
    """The settings of a new run of one network: the one source of form, command and run.

    Attributes:
        recipe: the settings as the form shows them.
        is_brought: whether they came from another page.
        versions: how often the program, not the person, changed each setting.
    """

    recipe: Recipe
    is_brought: bool = False
    versions: Counter[str] = field(default_factory=Counter)

    def key(self, name: str) -> str:
        """Return the key of a setting's widget: another one after each change by the program."""
        return f"{self.recipe.network}_{name}_{self.versions[name]}"

    def set(self, name: str, value: Any) -> None:
        """Change one setting from the program."""
        self.recipe = dataclasses.replace(self.recipe, **{name: value})
        self.versions[name] += 1

    def fill(self, recipe: Recipe, *, is_brought: bool = False) -> None:
        """Change all settings from the program."""
        self.recipe, self.is_brought = recipe, is_brought
        self.versions.update(setting.name for setting in dataclasses.fields(recipe))


@dataclass
class TrainState:
    """The state of the page.

    Attributes:
        view: the view of the page.
        network: the network to train.
        shipped: the network that Design shows layer by layer.
        forms: the form of each network that was shown.
        run_name: how the next run is to be named; empty for a generated name.
        is_start_asked: set by the button, acted upon once the settings that came with the click
            are known.
        is_range_test_asked: likewise, for the learning-rate range test.
    """

    view: Field = field(default_factory=Field)
    network: UrlChoice = field(default_factory=UrlChoice)
    shipped: UrlChoice = field(default_factory=UrlChoice)
    forms: dict[str, TrainForm] = field(default_factory=dict)
    run_name: Field = field(default_factory=lambda: Field(""))
    is_start_asked: bool = False
    is_range_test_asked: bool = False

    def form(self, info: NetworkInfo) -> TrainForm:
        """Return the form of a network, which begins with the network's default recipe."""
        return self.forms.setdefault(info.name, TrainForm(info.recipe))

    def ask_start(self) -> None:
        """Have the next drawing start a run."""
        self.is_start_asked = True

    def ask_range_test(self) -> None:
        """Have the next drawing start a learning-rate range test."""
        self.is_range_test_asked = True

    def take_handover(self) -> None:
        """Fill the form with a recipe that another page left, and show its network."""
        handover = get_state(Handover)
        recipe, handover.recipe = handover.recipe, None
        if recipe is not None and recipe.network in {*NETWORKS, CUSTOM, *CLASSICAL_MODELS}:
            self.form(find_network(recipe.network)).fill(recipe, is_brought=True)
            self.network.set(recipe.network)
