"""Deleted runs can be restored."""

from __future__ import annotations

import pytest

from fmnist.errors import RunError
from fmnist.runs import (
    Notes,
    Recipe,
    create_run,
    delete_run,
    erase_run,
    list_deleted,
    load_notes,
    open_run,
    restore_run,
    save_notes,
)
from fmnist.runs.trash import trash_dir
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("isolated")


def test_deleted_run_is_restored_with_all_its_files() -> None:
    run = make_run("finished")
    delete_run(run)
    assert not run.path.exists()
    with pytest.raises(RunError, match="no run named"):
        open_run(run.run_id)
    restored = restore_run(run.run_id)
    assert restored == run
    assert restored.load_report() is not None
    with pytest.raises(RunError, match="can't be restored"):
        restore_run(run.run_id)


def test_training_run_is_not_deleted() -> None:
    for state in ("running", "stopping"):
        run = make_run(state)
        with pytest.raises(RunError, match="Stop it before"):
            delete_run(run)
        assert run.path.exists()


def test_every_run_deleted_under_one_name_can_be_restored() -> None:
    for seed in (1, 2, 3):
        delete_run(create_run(Recipe("cnn", seed=seed), run_id="x"))
    assert restore_run("x").recipe.seed == 3
    assert {restore_run(name).recipe.seed for name in ("x.2", "x.3")} == {1, 2}


def test_restoring_does_not_overwrite_a_new_run_of_that_name() -> None:
    delete_run(create_run(Recipe("cnn", seed=1), run_id="x"))
    create_run(Recipe("cnn", seed=2), run_id="x")
    with pytest.raises(RunError, match="can't be restored"):
        restore_run("x")
    assert open_run("x").recipe.seed == 2


def test_deleted_runs_are_listed_until_they_are_back() -> None:
    assert list_deleted() == []
    run = make_run("finished", "mine")
    save_notes(run, Notes("dear to me"))
    delete_run(run)
    assert list_deleted() == ["mine"]
    restore_run("mine")
    assert list_deleted() == []
    assert load_notes(open_run("mine")).note == "dear to me"


def test_erased_run_is_gone_from_the_disk_and_no_other() -> None:
    for name in ("one", "two"):
        delete_run(make_run("finished", name))
    erase_run("one")
    assert list_deleted() == ["two"]
    assert not (trash_dir() / "one").exists()


@pytest.mark.parametrize("name", ["kept", "..", "../kept", ""])
def test_only_what_is_in_the_trash_is_erased(name: str) -> None:
    kept = make_run("finished", "kept")
    delete_run(make_run("finished", "gone"))
    with pytest.raises(RunError, match="in the trash"):
        erase_run(name)
    assert kept.load_report() is not None
    assert list_deleted() == ["gone"]
