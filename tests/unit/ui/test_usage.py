"""What a student may use is checked before it is queued."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from fmnist.access.limits import save_limits
from fmnist.access.roles import Person, Role
from fmnist.embedding.store import EmbeddingStore
from fmnist.errors import AccessError
from fmnist.networks import find_network
from fmnist.runs import Recipe
from fmnist.runs.files import write_json
from fmnist.runs.processes import identify_process
from fmnist.settings import cache_dir
from fmnist.study import SWEEP, Choices, Range, StudyPlan
from fmnist.ui.shell.usage import check_map, check_run, check_study
from tests.support.classroom import open_classroom

ADA = Person("Ada", Role.STUDENT)
GRACE = Person("Grace", Role.TEACHER)


@pytest.fixture(autouse=True)
def classroom(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_classroom(monkeypatch)


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        (Recipe("random_forest", trees=101), "Trees of a model: this would make 101"),
        (Recipe("gradient_boosting", trees=101), "Trees of a model: this would make 101"),
        (Recipe("linear_svm", epochs=101), "Epochs of a run: this would make 101"),
        (Recipe("cnn", width=4), "Parameters of a network: this would make"),
    ],
)
def test_run_beyond_a_limit_is_refused(recipe: Recipe, message: str) -> None:
    with pytest.raises(AccessError, match=message):
        check_run(ADA, recipe)
    assert check_run(GRACE, recipe) is None


@pytest.mark.parametrize(
    "network", ["random_forest", "gradient_boosting", "linear_svm", "k_nearest_neighbours"]
)
def test_classical_models_own_recipes_are_allowed(network: str) -> None:
    assert check_run(ADA, find_network(network).recipe) is not None


def test_largest_architecture_of_a_study_counts() -> None:
    recipe = replace(find_network("cnn").recipe, epochs=4)
    space = {"conv_blocks": Choices((1, 3, 8)), "pooling": Choices(("none", "max_second"))}
    save_limits({"parameters": 5_000_000})
    check_study(ADA, StudyPlan(SWEEP, recipe, space={"filters": Choices((16, 32))}))
    with pytest.raises(AccessError, match="Parameters of a network: this would make 1"):
        check_study(ADA, StudyPlan(SWEEP, recipe, space=space))
    wide = {"filters": Choices((16, 32)), "width": Range(0.5, 4.0, step=0.25)}
    with pytest.raises(AccessError, match="Parameters of a network: this would make 1"):
        check_study(ADA, StudyPlan(SWEEP, recipe, space=wide))


def test_one_map_a_person_is_computed_or_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path))
    store = EmbeddingStore(cache_dir() / "maps" / "one")
    check_map(ADA)
    store.path.mkdir(parents=True)
    write_json(store.owner_path, {"owner": "Ada"})
    write_json(store.launch_path, identify_process(os.getpid(), "alive").to_dict())
    with pytest.raises(AccessError, match=r"Maps at a time: this would make 2, .* cancel it"):
        check_map(ADA)
    check_map(Person("Brook", Role.STUDENT))
    check_map(GRACE)
    store.launch_path.unlink()  # it has ended
    check_map(ADA)
