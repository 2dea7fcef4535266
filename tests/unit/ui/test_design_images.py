"""The stages of a trained network are found again in the layers of a design."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.keras_worker import Stage
from fmnist.runs import Recipe, create_run
from fmnist.runs.architecture import Dense, Flatten, ResidualBlock, write_architecture
from fmnist.ui.train.design_images import locate_blocks
from fmnist.ui.train.design_state import load_starting_point
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("isolated")

MAPS = np.zeros((14, 14, 2), np.float32)


def build_stage(*layers: str) -> Stage:
    return Stage(layers[0], layers, MAPS, is_rectified=True)


def test_names_of_the_shipped_cnn_are_places_in_the_list() -> None:
    run = make_run("finished", "one", network="cnn")
    stages = [build_stage("conv_1", "pool_1", "norm_1", "relu_1"), build_stage("conv_2", "norm_2")]
    blocks = locate_blocks(stages, run, load_starting_point("cnn"))
    assert [(block.first, block.last) for block in blocks] == [(0, 3), (4, 5)]


def test_residual_block_shows_what_leaves_it() -> None:
    layers = (ResidualBlock(8), ResidualBlock(8, strides=2), Flatten(), Dense(10, "softmax"))
    run = create_run(Recipe("custom", architecture=write_architecture(layers)), run_id="own")
    stages = [build_stage(name) for name in ("conv_11a", "conv_11b", "conv_12a", "conv_12b")]
    stages.append(Stage("add_12", ("add_12", "relu_12b"), MAPS + 1, is_rectified=True))
    blocks = locate_blocks(stages, run, layers)
    assert [(block.first, block.last) for block in blocks] == [(0, 0), (1, 1)]
    assert blocks[1].maps.min() == 1
