from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fmnist.errors import RecipeError
from fmnist.runs import Recipe, open_source
from tests.support.runs import make_run


def test_a_run_of_another_fold_can_not_be_started_from(isolated: Path) -> None:
    source = make_run("finished", "source")
    (source.path / "model.keras").write_bytes(b"weights")
    recipe = Recipe("baseline", start_from="source")
    assert open_source(recipe).run_id == "source"
    with pytest.raises(RecipeError, match="this recipe on fold 2 of 10%"):
        open_source(replace(recipe, validation_fold=2))
