"""The controller with a trainer that takes no time, killed wherever it hurts."""

from __future__ import annotations

import math
from contextlib import suppress

import pytest

from fmnist.errors import RunError
from fmnist.runs import Run, RunState, delete_run, list_runs, load_notes
from fmnist.study import Range, Study, StudyState, extend_study, launch, open_study
from fmnist.study.journal import compute_importance, load_trials, open_journal
from fmnist.study.results import find_best
from tests.support.runs import write_launch, write_status
from tests.support.studies import RECIPE, SPACE, KilledError, Trainer, make_sweep


@pytest.fixture(autouse=True)
def models(isolated, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(launch, "_spawn_controller", lambda study: None)
    return isolated


def outcomes(study: Study) -> list[tuple[object, ...]]:
    return [(t.number, t.state, dict(t.settings), t.accuracy, t.epochs) for t in load_trials(study)]


def test_sweep_trains_its_trials_as_runs_and_finds_the_best() -> None:
    study, trainer = make_sweep(trials=8, pruning=False), Trainer()
    trainer.control(study)
    trials = load_trials(study)
    assert [trial.state for trial in trials] == ["finished"] * 8
    assert trainer.started == [f"sweep-t{i + 1:03d}" for i in range(8)]
    assert trials[0].settings == {name: getattr(RECIPE, name) for name in SPACE}, "as in the recipe"
    for trial in trials:
        run = study.find_run(trial.number)
        assert run is not None
        assert run.owner == "study sweep"
        assert trial.settings == {name: getattr(run.recipe, name) for name in SPACE}
        assert trial.accuracy == pytest.approx(0.9 - run.recipe.dropout / 2 - 0.025)
        assert trial.epochs == 4
        assert trial.seconds >= 0
    best = find_best(trials)
    assert best is not None
    assert best.settings["dropout"] == min(trial.settings["dropout"] for trial in trials)
    assert study.load_state() is StudyState.FINISHED


def test_test_set_decides_nothing() -> None:
    study = make_sweep(trials=2)
    Trainer().control(study)
    reports = [run.load_report() for run in study.list_runs()]
    assert all(report.test["accuracy"] == 0.1 for report in reports)
    assert all(trial.accuracy > 0.4 for trial in load_trials(study))
    assert "0.1\n" not in study.journal_path.read_text()


def test_trials_behind_the_others_end_early_and_say_so() -> None:
    study = make_sweep(trials=12, space={"dropout": Range(0.0, 0.6, step=0.05)})
    Trainer().control(study)
    trials = load_trials(study)
    pruned = [trial for trial in trials if trial.state == "pruned"]
    assert pruned
    assert {trial.state for trial in trials} == {"pruned", "finished"}
    for trial in pruned:
        assert trial.number >= 3, "the first ones set the measure"
        assert 2 <= trial.epochs < 4
        run = study.find_run(trial.number)
        assert run is not None
        assert run.load_state() == "stopped"
        assert run.load_report() is None
        assert trial.note.startswith("Ended early by the study sweep: after epoch 2 it was below")
        assert load_notes(run).note == trial.note
        assert load_notes(run).tags == ("pruned",)


def test_same_seed_same_proposals_other_seed_others() -> None:
    def propose(name: str, seed: int) -> list[object]:
        study = make_sweep(name, trials=8, seed=seed)
        Trainer().control(study)
        return [dict(trial.settings) for trial in load_trials(study)]

    first = propose("a", 1)
    assert propose("b", 1) == first
    assert propose("c", 2) != first


def test_controller_killed_at_every_moment_counts_nothing_twice() -> None:
    undisturbed = make_sweep("undisturbed")
    whole = Trainer()
    whole.control(undisturbed)

    study, trainer = make_sweep("killed"), Trainer(kill_at=set(range(2, 200, 3)))
    deaths = 0
    while study.load_state() is not StudyState.FINISHED:
        try:
            trainer.control(study)
        except KilledError:
            deaths += 1
            with study.journal_path.open("ab") as journal:  # a line that was being written
                journal.write(b'{"op_code":')
    assert deaths >= 6
    assert outcomes(study) == outcomes(undisturbed)
    assert [name.removeprefix("killed") for name in trainer.started] == [
        name.removeprefix("undisturbed") for name in whole.started
    ]


@pytest.mark.parametrize("moment", ["after asking", "half suggested", "shell of a run"])
def test_controller_killed_before_its_run_began(moment: str) -> None:
    study = make_sweep(trials=1)
    journal = open_journal(study, create=True)
    assert journal is not None
    journal.enqueue_trial({"learning_rate": 2e-3, "dropout": 0.3, "batch_size": 128})
    trial = journal.ask()
    if moment == "half suggested":
        trial.suggest_float("learning_rate", 1e-4, 1e-1, log=True)
    if moment == "shell of a run":
        (study.path.parent.parent / "sweep-t001").mkdir()
    Trainer().control(study)
    (done,) = load_trials(study)
    assert (done.state, done.settings["dropout"]) == ("finished", 0.3)


@pytest.mark.parametrize("slow", ["1", "2", "35"])
def test_two_at_a_time_propose_the_same_in_whatever_order_they_end(
    monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    monkeypatch.setenv("FMNIST_PARALLEL", "2")
    undisturbed = make_sweep("undisturbed", trials=8, pruning=False)
    study = make_sweep("slow", trials=8, pruning=False)
    whole, trainer = Trainer(), Trainer(kill_at={3, 9, 14})
    whole.control(undisturbed)
    most, waited = 0, 0

    def dawdle(run: Run, _epoch: int) -> bool:
        nonlocal most, waited
        most = max(most, sum(run.load_state() is RunState.RUNNING for run in study.list_runs()))
        waited += 1
        return run.run_id[-1] in slow and waited % 3 > 0

    trainer.before_epoch = dawdle
    while study.load_state() is not StudyState.FINISHED:
        with suppress(KilledError):
            trainer.control(study)
    assert outcomes(study) == outcomes(undisturbed)
    assert len(outcomes(study)) == 8
    assert most == 2


def test_three_failures_in_a_row_stop_the_run_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FMNIST_PARALLEL", "4")
    study = make_sweep(trials=9)
    trainer = Trainer(before_epoch=lambda run, _: run.run_id[-1] in "124" and fail_with(run))
    with pytest.raises(RunError, match="3 trials failed in a row"):
        trainer.control(study)
    assert study.find_run(2).is_stop_requested
    assert len(trainer.started) == 4


def test_stop_keeps_the_trial_in_hand_for_later() -> None:
    study = make_sweep(trials=2)

    def stop(run: Run, epoch: int) -> None:
        if run.run_id.endswith("t002") and epoch == 2:
            launch.stop_study(study)

    trainer = Trainer(before_epoch=stop)
    trainer.control(study)
    assert [trial.state for trial in load_trials(study)] == ["finished", "running"]
    assert study.find_run(1).load_state() == "stopped"
    (study.path / "stop").unlink()
    trainer.before_epoch = lambda _run, _epoch: False
    trainer.control(study)
    assert trainer.resumed == ["sweep-t002"]
    assert [trial.state for trial in load_trials(study)] == ["finished", "finished"]
    assert len(list_runs()) == 2


def test_run_whose_worker_was_killed_goes_on() -> None:
    study = make_sweep(trials=1)
    killed = []

    def kill(run: Run, epoch: int) -> bool:
        if epoch == 2 and not killed:
            write_launch(run, alive=False)
            killed.append(run)
        return bool(killed) and run.load_state() == "lost"

    trainer = Trainer(before_epoch=kill)
    trainer.control(study)
    assert trainer.resumed == ["sweep-t001"]
    assert load_trials(study)[0].state == "finished"


def fail_with(run: Run) -> bool:
    write_status(run, "failed", error="The loss is no number any more.")
    return True


@pytest.mark.parametrize(
    ("what", "note"),
    [
        (fail_with, "The loss is no number any more."),
        (lambda run: [run.request_stop(), write_status(run, "stopped")], "stopped by hand"),
        (lambda run: [write_status(run, "stopped"), delete_run(run)], "was deleted"),
    ],
)
def test_what_happens_to_a_run_is_noted_and_the_sweep_goes_on(what, note: str) -> None:
    study = make_sweep(trials=3)
    trainer = Trainer(before_epoch=lambda run, _: run.run_id.endswith("t002") and what(run))
    trainer.control(study)
    trials = load_trials(study)
    assert [trial.state for trial in trials] == ["finished", "failed", "finished"]
    assert note in trials[1].note
    assert study.load_state() is StudyState.FINISHED


def test_three_failures_in_a_row_end_the_study() -> None:
    study = make_sweep(trials=9)
    with pytest.raises(RunError, match=r"3 trials failed in a row. The last one: The loss is"):
        Trainer(before_epoch=lambda run, _: fail_with(run)).control(study)
    trials = load_trials(study)
    assert len(trials) == 3
    assert all(math.isnan(trial.accuracy) for trial in trials)


def test_minutes_end_a_sweep_after_the_trial_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    study, trainer = make_sweep(trials=9, minutes=1), Trainer()
    clock = iter(range(0, 10**6, 7))
    monkeypatch.setattr("fmnist.study.controller.time.monotonic", lambda: float(next(clock)))
    trainer.control(study)
    trials = load_trials(study)
    assert 1 <= len(trials) < 9
    assert trials[-1].state == "finished"
    assert study.load_status().seconds >= 60


def test_more_trials_go_on_where_the_sweep_ended() -> None:
    study = make_sweep(trials=2)
    Trainer().control(study)
    extended = extend_study(study, trials=3)
    assert extended.plan.trials == 5
    assert open_study("sweep").load_state() is not StudyState.FINISHED
    trainer = Trainer()
    trainer.control(open_study("sweep"))
    assert trainer.started == ["sweep-t003", "sweep-t004", "sweep-t005"]


def test_importance_waits_for_enough_trials_and_finds_what_matters() -> None:
    study = make_sweep(trials=5, pruning=False)
    Trainer().control(study)
    assert compute_importance(study) == {}
    extended = extend_study(study, trials=10)
    Trainer().control(extended)
    importance = compute_importance(extended)
    assert next(iter(importance)) == "dropout"
    assert sum(importance.values()) == pytest.approx(1)

    level = make_sweep("level", trials=6)
    Trainer(accuracy=lambda _recipe, _epoch: 0.5).control(level)
    assert compute_importance(level) == {}


def test_damaged_journal_is_named() -> None:
    study = make_sweep(trials=1)
    Trainer().control(study)
    text = study.journal_path.read_text()
    study.journal_path.write_text(f"{text[:40]}\n{text}")
    with pytest.raises(RunError, match=r"journal\.log can't be read"):
        load_trials(study)
