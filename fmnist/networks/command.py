"""The command line that does what a recipe says."""

from __future__ import annotations

import shlex
from dataclasses import fields

from fmnist.networks.registry import find_network
from fmnist.runs import Recipe


def build_command(recipe: Recipe) -> str:
    """Return the command line that repeats a recipe; settings at their default are left out."""
    defaults = find_network(recipe.network).recipe
    words = ["python", "-m", "fmnist", "train", "--network", recipe.network]
    for field in fields(Recipe):
        value = getattr(recipe, field.name)
        is_default = value == getattr(defaults, field.name)
        if field.name == "network" or (is_default and field.name not in {"epochs", "seed"}):
            continue
        option = field.name.replace("_", "-")
        if isinstance(value, bool):
            words.append(f"--{option}" if value else f"--no-{option}")
        else:
            words += [f"--{option}", str(value)]
    return shlex.join(words)
