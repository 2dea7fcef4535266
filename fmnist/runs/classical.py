"""The classical models, and which of the recipe's settings each of them has."""

from __future__ import annotations

from typing import Final

_EVERY_MODEL: Final = frozenset(
    {"network", "seed", "train_share", "validation_share", "validation_fold", "edits"}
)

CLASSICAL: Final[dict[str, frozenset[str]]] = {
    "logistic_regression": frozenset({"epochs", "inverse_regularisation"}),
    "k_nearest_neighbours": frozenset({"neighbours", "start_from"}),
    "random_forest": frozenset({"trees", "leaf_size"}),
    "gradient_boosting": frozenset({"trees", "learning_rate"}),
    "linear_svm": frozenset({"epochs", "inverse_regularisation"}),
}
"""The settings of each model, by name, in addition to those of every model. Each is a module below
``fmnist.classical``."""

FIT_THREAD: Final = "fit"
"""Name of the thread in which a worker fits a classical model."""

_NO_NETWORK: Final = frozenset({"inverse_regularisation", "neighbours", "trees", "leaf_size"})


def has_setting(network: str, name: str) -> bool:
    """Return whether a setting applies to a network or classical model."""
    if network in CLASSICAL:
        return name in _EVERY_MODEL | CLASSICAL[network]
    return name not in _NO_NETWORK
