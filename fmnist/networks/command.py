"""The command line that trains a recipe."""

from __future__ import annotations

import shlex
from typing import Final

from fmnist.networks.registry import find_network
from fmnist.runs import SETTINGS, Recipe

_ALWAYS: Final = frozenset({"network", "epochs", "seed"})
"""Settings that the command names even at their default."""


def build_command(recipe: Recipe, *, run_id: str = "") -> str:
    """Return the command line that trains a recipe; default settings are omitted.

    Args:
        recipe: what to train.
        run_id: name of the new run; empty for a generated one.
    """
    defaults = find_network(recipe.network).recipe.to_dict()
    words = ["python", "-m", "fmnist", "train"]
    for name, value in recipe.select_settings().items():
        setting = SETTINGS[name]
        if value == defaults[name] and name not in _ALWAYS:
            continue
        if isinstance(value, bool):
            words.append(setting.flag if value else setting.flag.replace("--", "--no-", 1))
        else:
            words += [setting.flag, str(value)]
    if run_id:
        words += ["--run", run_id]
    return shlex.join(words)
