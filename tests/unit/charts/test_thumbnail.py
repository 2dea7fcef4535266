from __future__ import annotations

import base64

import pytest

from fmnist.charts.thumbnail import draw_thumbnail
from fmnist.networks import NETWORKS


@pytest.mark.parametrize("name", NETWORKS)
def test_each_network_has_a_picture_of_its_own(name: str) -> None:
    picture = draw_thumbnail(NETWORKS[name].recipe)
    svg = base64.b64decode(picture.partition("base64,")[2].partition('"')[0]).decode()
    assert svg.startswith("<svg ")
    assert svg.count("<rect ") >= 4


def test_layer_that_keeps_the_shape_is_left_out() -> None:
    assert 'alt="5 shapes' in draw_thumbnail(NETWORKS["baseline"].recipe)  # of 12 layers
