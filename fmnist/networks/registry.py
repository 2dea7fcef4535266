"""The networks by name, their default recipes and what speaks for each; no Keras here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fmnist.errors import RecipeError
from fmnist.runs import Recipe


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """A network that can be trained.

    Attributes:
        name: key in ``NETWORKS``; also the module below ``fmnist.networks`` that builds it.
        title: its name on a page.
        summary: one sentence: what it is for.
        recipe: the default recipe.
        target: the numbers it is measured against, in words.
        parameter_range: fewest and most parameters that it may have.
    """

    name: str
    title: str
    summary: str
    recipe: Recipe
    target: str
    parameter_range: tuple[int, int]


NETWORKS: Final[dict[str, NetworkInfo]] = {
    info.name: info
    for info in (
        NetworkInfo(
            name="cnn",
            title="Custom CNN",
            summary=(
                "Three convolutions of 32, 64 and 128 filters that look for edges, parts and "
                "garments, wherever they stand in the picture."
            ),
            recipe=Recipe(
                network="cnn",
                learning_rate=1e-3,
                weight_decay=0.05,
                label_smoothing=0.1,
                augmentation="flip",
            ),
            target="1.15–1.25 million parameters, at least 92.5% on the test set",
            parameter_range=(1_150_000, 1_250_000),
        ),
        NetworkInfo(
            name="baseline",
            title="Baseline",
            summary=(
                "A dense network that sees 784 numbers in no order: the minimum that anything "
                "cleverer has to beat."
            ),
            recipe=Recipe(
                network="baseline",
                epochs=40,
                augmentation="flip",
                label_smoothing=0.1,
            ),
            target="at most 600,000 parameters, at least 89% on the test set",
            parameter_range=(1, 600_000),
        ),
    )
}


def find_network(name: str) -> NetworkInfo:
    """Return the network of that name.

    Raises:
        RecipeError: there is none; the message lists those there are.
    """
    try:
        return NETWORKS[name]
    except KeyError:
        raise RecipeError(
            f"There is no network named {name!r}. Take one of: {', '.join(NETWORKS)}."
        ) from None
