"""The Keras worker: started when asked, and ended when idle."""

from __future__ import annotations

import psutil
import pytest

from fmnist import settings
from fmnist.errors import RecipeError
from fmnist.keras_worker import client, describe_recipe
from fmnist.runs import Recipe

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("keras")]


def test_layers_are_described_and_the_worker_ends_when_it_is_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "KERAS_IDLE_SECONDS", 0.0)
    process = psutil.Process(client._KERAS.process.start().pid)
    layers = describe_recipe(Recipe("cnn")).result(120)
    assert sum(layer.parameters for layer in layers) == 1_170_130
    assert process.wait(60) in (-9, None)


def test_unknown_network_is_reported() -> None:
    with pytest.raises(RecipeError, match="no network named 'vit'"):
        describe_recipe(Recipe("vit")).result(120)
