from __future__ import annotations

import pytest

from fmnist.access.limits import LIMITS, check_limit, load_limits, save_limits
from fmnist.errors import AccessError
from fmnist.networks import CLASSICAL_MODELS, NETWORKS
from tests.support.classroom import Classroom


def test_limits_are_the_defaults_until_changed(classroom: Classroom) -> None:
    before = load_limits()
    assert before == {name: limit.default for name, limit in LIMITS.items()}
    save_limits({"waiting": 5, "disk_mb": 0})
    assert load_limits() == before | {"waiting": 5, "disk_mb": 0}


@pytest.mark.parametrize("values", [{"waiting": -1}, {"epochs": 10**9}, {"nothing": 1}])
def test_limit_out_of_range_sets_nothing(classroom: Classroom, values: dict[str, int]) -> None:
    with pytest.raises(AccessError):
        save_limits({"studies": 7} | values)
    assert load_limits()["studies"] == 1


def test_use_up_to_the_limit_is_allowed(classroom: Classroom) -> None:
    check_limit("waiting", 3)
    with pytest.raises(AccessError, match="Runs waiting: this would make 4, and a student may"):
        check_limit("waiting", 4)


def test_every_network_can_be_trained_by_its_own_recipe() -> None:
    for info in NETWORKS.values():
        assert info.recipe.epochs <= LIMITS["epochs"].default
        assert info.parameter_range[1] <= LIMITS["parameters"].default
    for info in CLASSICAL_MODELS.values():
        assert info.recipe.epochs <= LIMITS["epochs"].default
        assert info.recipe.trees <= LIMITS["trees"].default
