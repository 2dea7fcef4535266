"""Every tunable constant of segmentation is frozen and documented."""

from __future__ import annotations

import dataclasses
import re

import pytest

from fmnist.images.drawing import parameters as drawing
from fmnist.images.segment import figure_parameters, parameters, wearer_parameters

STAGES = [
    value
    for module in (parameters, figure_parameters, wearer_parameters, drawing)
    for name, value in vars(module).items()
    if name.isupper()
]


def test_each_stage_has_its_parameters() -> None:
    assert len({type(stage) for stage in STAGES}) == len(STAGES) == 13


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: type(stage).__name__)
def test_parameters_are_frozen_and_documented(stage: object) -> None:
    names = [field.name for field in dataclasses.fields(stage)]
    documented = re.findall(r"^        (\w+): ", type(stage).__doc__, re.MULTILINE)
    assert documented == names
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(stage, names[0], 0)
