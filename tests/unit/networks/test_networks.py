from __future__ import annotations

import dataclasses
import shlex

import numpy as np
import pytest

from fmnist.__main__ import build_parser
from fmnist.commands.train import _read_recipe
from fmnist.errors import RecipeError
from fmnist.networks import NETWORKS, build_command, find_network
from fmnist.networks.describe import count_parameters
from fmnist.runs import Recipe
from tests.support import in_keras_networks as keras_checks

PARAMETERS = {
    "cnn": 1_170_130, "baseline": 538_122, "compact": 690_818, "record": 5_521_930,
    "outside": 671_578,
}  # fmt: skip


def residual_shapes(filters: tuple[int, ...], blocks: tuple[int, ...]) -> dict[str, tuple]:
    """The layers of a residual network, written down a second time from the papers."""
    shapes: dict[str, tuple] = {"pixels": (28, 28, 1), "rescaling": (28, 28, 1)}
    before = filters[0]
    shapes |= dict.fromkeys(("conv_stem", "norm_stem", "relu_stem"), (28, 28, before))
    for stage, (maps, count) in enumerate(zip(filters, blocks, strict=True), start=1):
        side = {1: 28, 2: 14, 3: 7}[stage]
        for block in range(1, count + 1):
            at, full = f"{stage}{block}", (side, side, maps)
            shapes |= dict.fromkeys((f"{k}_{at}a" for k in ("conv", "norm", "relu")), full)
            shapes |= dict.fromkeys((f"{k}_{at}b" for k in ("conv", "norm")), full)
            shapes[f"squeeze_{at}"] = (1, 1, maps)
            shapes[f"gate_{at}a"] = (1, 1, max(8, maps // 8))
            shapes[f"gate_{at}b"] = (1, 1, maps)
            if before != maps:
                shapes[f"mean_{at}"] = (side, side, before)
                shapes |= dict.fromkeys((f"conv_{at}s", f"norm_{at}s"), full)
            shapes |= dict.fromkeys((f"scale_{at}", f"add_{at}", f"relu_{at}b"), full)
            before = maps
    last = (filters[-1],)
    return shapes | {"average": last, "drop": last, "probabilities": (10,)}


SHAPES = {
    "cnn": {
        "pixels": (28, 28, 1), "rescaling": (28, 28, 1),
        "conv_1": (28, 28, 32), "pool_1": (14, 14, 32), "norm_1": (14, 14, 32),
        "relu_1": (14, 14, 32),
        "conv_2": (14, 14, 64), "norm_2": (14, 14, 64), "relu_2": (14, 14, 64),
        "conv_3": (14, 14, 128), "pool_3": (7, 7, 128), "norm_3": (7, 7, 128),
        "relu_3": (7, 7, 128),
        "flatten": (6272,), "drop_1": (6272,), "dense_1": (168,), "drop_2": (168,),
        "dense_2": (128,), "drop_3": (128,), "probabilities": (10,),
    },
    "baseline": {
        "pixels": (28, 28, 1), "rescaling": (28, 28, 1), "flatten": (784,),
        "dense_1": (512,), "norm_1": (512,), "relu_1": (512,), "drop_1": (512,),
        "dense_2": (256,), "norm_2": (256,), "relu_2": (256,), "drop_2": (256,),
        "probabilities": (10,),
    },
    "compact": residual_shapes((32, 64, 128), (1, 2, 2)),
    "record": residual_shapes((64, 128, 256), (2, 3, 4)),
    "outside": residual_shapes((32, 64, 128), (0, 2, 2)),
}  # fmt: skip


@pytest.fixture(scope="module", params=list(NETWORKS))
def built(request: pytest.FixtureRequest, in_keras) -> tuple[str, dict]:
    return request.param, in_keras(keras_checks.build, Recipe(request.param).to_dict())


def test_every_network_is_pinned_here() -> None:
    assert set(PARAMETERS) == set(SHAPES) == set(NETWORKS)


def test_parameters_are_pinned_and_within_bounds(built) -> None:
    name, network = built
    low, high = NETWORKS[name].parameter_range
    assert low <= network["parameters"] <= high
    assert network["parameters"] == PARAMETERS[name]
    assert count_parameters(Recipe(name)) == PARAMETERS[name]


def test_shapes_are_pinned(built) -> None:
    name, network = built
    shapes = {layer: found["output_shape"] for layer, found in network["layers"].items()}
    assert shapes == SHAPES[name]
    assert list(shapes) == list(SHAPES[name]) or name not in {"cnn", "baseline"}  # no branches


def test_probabilities_sum_to_one(built) -> None:
    proba = built[1]["proba"]
    assert proba.shape == (3, 10)
    assert proba.dtype == np.float32
    np.testing.assert_allclose(proba.sum(axis=1), 1, rtol=1e-5)


def test_seed_decides_the_weights(built, in_keras) -> None:
    name, network = built
    same = in_keras(keras_checks.build, Recipe(name).to_dict())["weights"]
    other = in_keras(keras_checks.build, Recipe(name, seed=1).to_dict())["weights"]
    assert all(np.array_equal(a, b) for a, b in zip(network["weights"], same, strict=True))
    kernels = [i for i, weight in enumerate(same) if weight.ndim > 1]
    assert kernels
    assert not any(np.array_equal(same[i], other[i]) for i in kernels)


def test_unknown_network_is_reported_with_the_known_ones() -> None:
    with pytest.raises(RecipeError, match=r"no network named 'vit'.*cnn, baseline, compact"):
        find_network("vit")


def parse(command: str) -> Recipe:
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "fmnist"]
    return _read_recipe(build_parser().parse_args(words[3:]))


@pytest.mark.parametrize("name", list(NETWORKS))
def test_command_of_a_default_recipe_is_short_and_repeats_it(name: str) -> None:
    recipe = find_network(name).recipe
    command = build_command(recipe)
    assert command == (
        f"python -m fmnist train --network {name} --epochs {recipe.epochs} --seed {recipe.seed}"
    )
    assert parse(command) == recipe


@pytest.mark.parametrize("name", list(NETWORKS))
def test_command_repeats_a_recipe_in_which_all_is_different(name: str) -> None:
    recipe = Recipe(
        name, epochs=3, batch_size=96, learning_rate=1 / 3, weight_decay=0, dropout=0,
        label_smoothing=1e-5, augmentation="none", schedule="constant", averaging=False,
        early_stopping=4, seed=2**31 - 1, train_share=0.1, validation_share=0.1 + 0.2,
        normalisation=False, width=1.5, precision="float32", edits="my edits.json",
        event_files=True,
    )  # fmt: skip
    assert parse(build_command(recipe)) == recipe


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(Recipe)])
def test_command_line_has_an_option_for_each_setting(field: str) -> None:
    assert hasattr(build_parser().parse_args(["train"]), field)
