from __future__ import annotations

import pytest

from fmnist.data.split import count_folds
from fmnist.takeaway.program_source import find_source


def test_source_of_a_function_does_what_the_function_does() -> None:
    names: dict[str, object] = {}
    exec(find_source("fmnist.data.split.count_folds"), names)
    assert names["count_folds"](0.3) == count_folds(0.3) == 3  # type: ignore[operator]


def test_marks_for_the_type_checker_are_left_out() -> None:
    source = find_source("fmnist.training.augmentation.Cutout")
    assert source.startswith("class Cutout(keras.layers.Layer):\n")


@pytest.mark.parametrize("place", ["fmnist.data.split.nothing", "fmnist.nothing.count_folds"])
def test_what_is_not_there_is_named(place: str) -> None:
    with pytest.raises(LookupError, match=place):
        find_source(place)
