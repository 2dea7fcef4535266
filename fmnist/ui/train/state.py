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
    """The settings of a new run of one network: the single source for form, command and run.

    Attributes:
        recipe: the settings shown in the form.
        is_handed_over: whether they came from another page.
        versions: for each setting, the number of changes made by the program, not the person.
    """

    recipe: Recipe
    is_handed_over: bool = False
    versions: Counter[str] = field(default_factory=Counter)

    def key(self, name: str) -> str:
        """Return the key of a setting's widget, which changes with every change by the program."""
        return f"{self.recipe.network}_{name}_{self.versions[name]}"

    def set(self, name: str, value: Any) -> None:
        """Change one setting from the program."""
        self.recipe = dataclasses.replace(self.recipe, **{name: value})
        self.versions[name] += 1

    def fill(self, recipe: Recipe, *, is_handed_over: bool = False) -> None:
        """Change all settings from the program."""
        self.recipe, self.is_handed_over = recipe, is_handed_over
        self.versions.update(setting.name for setting in dataclasses.fields(recipe))


@dataclass
class TrainState:
    """The state of the page.

    Attributes:
        view: the current view.
        network: the network to train.
        shipped: the network shown layer by layer in Design.
        forms: the form of each network shown so far.
        run_name: the name of the next run; empty for a generated one.
        is_start_requested: set by the button; handled once the settings sent with it are known.
        is_range_test_requested: the same for the learning-rate range test.
    """

    view: Field = field(default_factory=Field)
    network: UrlChoice = field(default_factory=UrlChoice)
    shipped: UrlChoice = field(default_factory=UrlChoice)
    forms: dict[str, TrainForm] = field(default_factory=dict)
    run_name: Field = field(default_factory=lambda: Field(""))
    is_start_requested: bool = False
    is_range_test_requested: bool = False

    def form(self, info: NetworkInfo) -> TrainForm:
        """Return the form of a network, initialised with the network's default recipe."""
        return self.forms.setdefault(info.name, TrainForm(info.recipe))

    def request_start(self) -> None:
        """Make the next rerun start a run."""
        self.is_start_requested = True

    def request_range_test(self) -> None:
        """Make the next rerun start a learning-rate range test."""
        self.is_range_test_requested = True

    def take_handover(self) -> None:
        """Fill the form with a recipe handed over by another page, and show its network."""
        handover = get_state(Handover)
        recipe, handover.recipe = handover.recipe, None
        if recipe is not None and recipe.network in {*NETWORKS, CUSTOM, *CLASSICAL_MODELS}:
            self.form(find_network(recipe.network)).fill(recipe, is_handed_over=True)
            self.network.set(recipe.network)
