"""The networks by name, with their default recipes and presets; needs no Keras."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from fmnist.errors import RecipeError
from fmnist.networks.classical_models import CLASSICAL_MODELS
from fmnist.networks.info import NetworkInfo
from fmnist.runs import Recipe
from fmnist.runs.layer_costs import MAX_PARAMETERS
from fmnist.runs.recipe import CUSTOM

STARTING_POINTS: Final = Path(__file__).parent / "architectures"
"""The folder with ``baseline`` and ``cnn`` as lists of layers, starting points for other lists."""

WITH_ARCHITECTURE: Final = (CUSTOM, *sorted(path.stem for path in STARTING_POINTS.glob("*.json")))
"""The networks that can be written as a list of layers."""


_LONG: Final = Recipe(
    network="record",
    epochs=113,
    batch_size=256,
    optimizer="sgd",
    learning_rate=0.2,
    weight_decay=5e-4,
    dropout=0.0,
    augmentation="crop_cutout",
    averaging_steps=1000,
)
"""For a graphics card: the usual way to train residual networks on small images."""

NETWORKS: Final[dict[str, NetworkInfo]] = {
    info.name: info
    for info in (
        NetworkInfo(
            name="cnn",
            title="Custom CNN",
            summary=(
                "Three convolutions of 32, 64 and 128 filters that detect edges, parts and "
                "garments anywhere in the image, then dense layers."
            ),
            recipe=Recipe(
                network="cnn",
                epochs=40,
                learning_rate=2e-3,
                weight_decay=0.05,
                label_smoothing=0.1,
                augmentation="flip_erase",
            ),
            parameter_range=(1_150_000, 1_250_000),
            presets={
                "quick": Recipe(
                    network="cnn",
                    epochs=5,
                    learning_rate=3e-3,
                    weight_decay=0.05,
                    dropout=0.0,  # five epochs hardly overfit; see ablation_cnn.json
                    augmentation="flip",
                ),
                "taught": replace(
                    _LONG, network="cnn", epochs=120, learning_rate=0.1, teacher="compact"
                ),
            },
            images_per_second=1773,
        ),
        NetworkInfo(
            name="baseline",
            title="Baseline",
            summary=(
                "A dense network that ignores which pixels are neighbours: the minimum that a "
                "convolutional network has to beat."
            ),
            recipe=Recipe(
                network="baseline",
                epochs=40,
                augmentation="flip",
                label_smoothing=0.1,
            ),
            parameter_range=(1, 600_000),
        ),
        NetworkInfo(
            name="compact",
            title="Compact",
            summary=(
                "A residual network: eleven 3×3 convolutions with shortcuts around each pair. More "
                "accurate than the CNN with fewer parameters, and slower to train."
            ),
            recipe=Recipe(
                network="compact",
                epochs=60,
                weight_decay=0.05,
                label_smoothing=0.1,
                dropout=0.2,
                augmentation="flip_shift_erase",
            ),
            parameter_range=(1, 768_000),
            presets={
                "taught": replace(_LONG, network="compact", epochs=176, teacher="record"),
            },
            images_per_second=511,
        ),
        NetworkInfo(
            name="record",
            title="Record",
            summary=(
                "The compact network, wider and deeper: the most accurate one. Takes hours on a "
                "laptop and minutes on a GPU."
            ),
            recipe=Recipe(
                network="record",
                epochs=100,
                weight_decay=0.05,
                label_smoothing=0.1,
                dropout=0.2,
                augmentation="flip_shift_erase",
            ),
            parameter_range=(1, 8_900_000),
            presets={
                "long": _LONG,
                "short": Recipe(  # two cores: half as wide, and started from a trained compact
                    network="record",
                    start_from="compact",
                    width=0.5,
                    epochs=7,
                    learning_rate=1e-3,
                    weight_decay=0.05,
                    label_smoothing=0.1,
                    dropout=0.2,
                    augmentation="flip_shift_erase",
                ),
            },
        ),
        NetworkInfo(
            name="outside",
            title="Outside",
            summary=(
                "A residual network trained with domain augmentation, so that it also classifies "
                "garments in photos and drawings."
            ),
            recipe=Recipe(
                network="outside",
                epochs=30,
                weight_decay=0.05,
                label_smoothing=0.1,
                dropout=0.1,
                augmentation="outside",
            ),
            parameter_range=(1, 768_000),
        ),
    )
}


CUSTOM_NETWORK: Final = NetworkInfo(
    name=CUSTOM,
    title="Network of your own",
    summary="The layers that you list, from convolutions to residual blocks.",
    recipe=Recipe(
        network=CUSTOM,
        architecture=(STARTING_POINTS / "cnn.json").read_text(),
        label_smoothing=0.1,
        augmentation="flip",
    ),
    parameter_range=(1, MAX_PARAMETERS),
)
"""Not among ``NETWORKS``, which lists the networks whose layers are fixed."""


def find_architecture(recipe: Recipe) -> str:
    """Return the layers of a recipe's network as JSON.

    Raises:
        RecipeError: the network is not one of ``WITH_ARCHITECTURE``.
    """
    if recipe.network not in WITH_ARCHITECTURE:
        raise RecipeError(
            f"{recipe.network} isn't defined as a list of layers, so its layers can't be varied. "
            f"Choose one of: {', '.join(WITH_ARCHITECTURE)}."
        )
    return recipe.architecture or (STARTING_POINTS / f"{recipe.network}.json").read_text()


def find_network(name: str) -> NetworkInfo:
    """Return the network of that name, of ``NETWORKS`` or ``custom``, or the classical model.

    Raises:
        RecipeError: there is no such network; the message lists those that exist.
    """
    if name == CUSTOM:
        return CUSTOM_NETWORK
    try:
        return (NETWORKS | CLASSICAL_MODELS)[name]
    except KeyError:
        known = ", ".join([*NETWORKS, CUSTOM, *CLASSICAL_MODELS])
        raise RecipeError(f"There is no network named {name!r}. Choose one of: {known}.") from None
