from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.errors import RunError
from fmnist.launching import launcher
from fmnist.runs import delete_run, list_runs
from fmnist.runs.files import write_json
from fmnist.study import (
    Study,
    StudyState,
    delete_study,
    erase_study,
    launch,
    list_deleted_studies,
    list_studies,
    open_study,
    restore_study,
)
from fmnist.study.layout import StudyFile
from fmnist.study.store import studies_dir
from fmnist.study.trash import load_deleted_owner
from tests.support.runs import write_launch, write_status
from tests.support.studies import Trainer, make_sweep


@pytest.fixture(autouse=True)
def no_process(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_spawn_controller", lambda study: None)
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: None)


def make_trained(trials: int) -> Study:
    study = make_sweep(trials=trials)
    Trainer().control(study)
    return study


def list_names() -> list[str]:
    return sorted(run.run_id for run in list_runs())


@pytest.mark.parametrize("with_runs", [True, False])
def test_deleted_study_is_restored(with_runs: bool) -> None:
    study = make_sweep(trials=2)
    with pytest.raises(RunError, match="sweep is active"):
        delete_study(study, with_runs=with_runs)
    Trainer().control(study)
    delete_study(study, with_runs=with_runs)
    assert list_studies() == []
    assert list_deleted_studies() == ["sweep"]
    assert len(list_runs()) == (0 if with_runs else 2)
    assert restore_study("sweep") == study
    assert list_names() == ["sweep-t001", "sweep-t002"]
    assert study.load_state() is StudyState.FINISHED
    assert list_deleted_studies() == []
    with pytest.raises(RunError, match=r"can't be restored: .* holds no study"):
        restore_study("sweep")


def test_both_of_two_deleted_studies_of_one_name_are_restored_with_their_own_runs() -> None:
    for trials in (1, 2):
        delete_study(make_trained(trials), with_runs=True)
    assert list_deleted_studies() == ["sweep", "sweep.2"]
    assert restore_study("sweep").plan.trials == 2
    assert list_names() == ["sweep-t001", "sweep-t002"]
    with pytest.raises(RunError, match="a study named sweep exists"):
        restore_study("sweep.2")
    delete_study(open_study("sweep"), with_runs=True)
    earlier = restore_study("sweep.2")
    assert (earlier.name, earlier.plan.trials) == ("sweep", 1)
    assert list_names() == ["sweep-t001"]
    assert list_deleted_studies() == ["sweep"]


def test_study_is_not_deleted_while_one_of_its_runs_trains() -> None:
    study = make_trained(2)
    run = study.list_runs()[1]
    run.report_path.unlink()
    write_launch(run, alive=True)
    write_status(run, "running")
    with pytest.raises(RunError, match="sweep-t002 is training"):
        delete_study(study, with_runs=True)
    assert list_names() == ["sweep-t001", "sweep-t002"]


def test_failed_deletion_leaves_study_and_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_trained(2)
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self == study.path:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(RunError, match=r"sweep can't be deleted: .*Permission denied"):
        delete_study(study, with_runs=True)
    assert list_names() == ["sweep-t001", "sweep-t002"]
    assert list_studies() == [study]


def test_study_deleted_by_an_earlier_version_is_restored_with_its_runs(isolated: Path) -> None:
    study = make_trained(1)
    (run,) = study.list_runs()
    delete_run(run)
    write_json(study.path / "deleted_runs.json", {"runs": ["sweep-t001", "deleted-for-good"]})
    (isolated / ".studies" / ".trash").mkdir()
    study.path.rename(isolated / ".studies" / ".trash" / "sweep")
    assert restore_study("sweep") == study
    assert list_names() == ["sweep-t001"]


def test_path_is_no_name(isolated: Path) -> None:
    with pytest.raises(RunError, match="can't be restored"):
        restore_study("../sweep")


def test_erased_study_is_gone_with_the_runs_deleted_with_it() -> None:
    study = make_trained(trials=2)
    delete_study(study, with_runs=True)
    with pytest.raises(RunError, match="in the trash"):
        erase_study("nobody")
    erase_study(study.name)
    assert list_deleted_studies() == []
    assert list_names() == []
    assert not list(studies_dir().rglob("*.json"))


def test_damaged_study_in_the_trash_belongs_to_no_one_and_hides_no_other() -> None:
    study = make_trained(trials=1)
    delete_study(study, with_runs=True)
    (studies_dir() / ".trash" / study.name / StudyFile.PLAN).write_text("{")
    assert list_deleted_studies() == [study.name]
    assert load_deleted_owner(study.name) == ""
