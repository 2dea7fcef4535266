from __future__ import annotations

import pytest

from fmnist.errors import RecipeError
from fmnist.networks.workbench import (
    NEW_LAYERS,
    check_architecture,
    compare_architectures,
    describe_layer,
    format_design,
    insert_layer,
    move_layer,
    remove_layer,
    replace_layer,
)
from fmnist.runs.architecture import (
    MAX_LAYERS,
    Conv2D,
    Dense,
    Flatten,
    MaxPooling2D,
    parse_architecture,
    write_architecture,
)

FLATTEN, LAST = Flatten(), Dense(10, "softmax")
SOUND = (Conv2D(8), MaxPooling2D(), FLATTEN, LAST)


def test_sound_architecture_has_costs_and_no_problem() -> None:
    check = check_architecture(SOUND)
    assert check.problem == ""
    assert check.layer is None
    assert [cost.shape for cost in check.costs if cost] == [
        (28, 28, 8), (14, 14, 8), (1568,), (10,),
    ]  # fmt: skip
    assert check.parameters == 8 * 9 + 8 + 1568 * 10 + 10
    assert check.multiplications == 28 * 28 * 9 * 8 + 1568 * 10


def test_mistake_sits_in_its_layer_and_costs_end_before_it() -> None:
    check = check_architecture((FLATTEN, Conv2D(8), LAST))
    assert check.layer == 1
    assert "needs maps" in check.problem
    assert [cost is None for cost in check.costs] == [False, True, True]


def test_layers_that_fit_keep_their_costs_where_the_end_is_wrong() -> None:
    check = check_architecture((FLATTEN, Dense(12)))
    assert check.layer == 1
    assert "ten probabilities" in check.problem
    assert all(check.costs)


def test_too_many_parameters_are_reported_at_the_largest_layer() -> None:
    check = check_architecture((Conv2D(64), FLATTEN, Dense(1000), LAST))
    assert check.layer == 2
    assert "20,000,000 are allowed" in check.problem


@pytest.mark.parametrize("kind", NEW_LAYERS)
def test_each_kind_can_be_added_and_written(kind: str) -> None:
    layers = insert_layer(SOUND, NEW_LAYERS[kind], 0)
    assert type(layers[1]).__name__ == kind
    assert parse_architecture(write_architecture(layers)) == layers


def test_more_layers_than_allowed_are_refused() -> None:
    with pytest.raises(RecipeError, match="at most 100 layers"):
        insert_layer((FLATTEN,) * MAX_LAYERS, FLATTEN, 0)


def test_layers_are_moved_within_the_list_and_the_last_one_stays() -> None:
    assert move_layer(SOUND, 0, 1)[:2] == (SOUND[1], SOUND[0])
    assert move_layer(SOUND, 0, -1) == SOUND
    assert move_layer(SOUND, 3, 1) == SOUND
    assert remove_layer(SOUND, 1) == (SOUND[0], SOUND[2], SOUND[3])
    assert remove_layer((LAST,), 0) == (LAST,)
    assert replace_layer(SOUND, 1, FLATTEN)[1] == FLATTEN


def test_file_has_a_line_for_each_layer_and_is_read_again() -> None:
    text = format_design(SOUND)
    assert text.count("\n") == len(SOUND) + 2
    assert parse_architecture(text) == SOUND


def test_line_of_a_layer_leaves_defaults_out() -> None:
    assert describe_layer(Conv2D(8)) == "Conv2D, filters 8, kernel_size 3"
    assert describe_layer(LAST) == "Dense, units 10, activation softmax"


def test_comparison_puts_changed_layers_side_by_side() -> None:
    other = (Conv2D(16), FLATTEN, LAST)
    assert compare_architectures(SOUND, other) == [
        (describe_layer(SOUND[0]), describe_layer(other[0])),
        (describe_layer(SOUND[1]), ""),
        (describe_layer(FLATTEN), describe_layer(FLATTEN)),
        (describe_layer(LAST), describe_layer(LAST)),
    ]
