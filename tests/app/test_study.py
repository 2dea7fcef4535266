from __future__ import annotations

import pytest

from fmnist.runs import list_runs
from fmnist.study import (
    REPEAT,
    Choices,
    StudyPlan,
    StudyState,
    launch,
    list_deleted_studies,
    list_studies,
    open_study,
    start_study,
)
from tests.support.pages import find, labels, metrics, open_page, texts
from tests.support.runs import write_launch, write_status
from tests.support.studies import (
    RECIPE,
    Trainer,
    finish_run,
    make_finished_sweep,
    make_repeat,
    make_sweep,
)

pytestmark = pytest.mark.usefixtures("controlled")


def test_page_without_studies_says_what_to_do(controlled: list[str]) -> None:
    app = open_page("study")
    assert not app.error
    assert "No study yet" in texts(app)
    assert not controlled


def test_finished_sweep_shows_its_figures_winner_and_trials() -> None:
    make_finished_sweep(pruning=False)
    app = open_page("study", study="sweep")
    assert not app.error
    shown = metrics(app)
    assert shown["Trials done"] == "8 of 8"
    assert shown["Pruned"] == "0"
    best = max(run.load_report().validation["accuracy"] for run in list_runs())
    assert shown["Best validation"] == f"{best:.2%}"
    assert "Best so far: trial" in texts(app)
    table = app.dataframe[0].value
    assert list(table["state"]) == ["finished"] * 8
    assert table["run"][0] == "train?run=sweep-t001"
    assert "10.00%" not in texts(app) + str(shown), "the test set is nobody's business here"


def test_architectures_are_columns_and_the_best_one_can_be_trained() -> None:
    space = {"conv_blocks": Choices((1, 2)), "pooling": Choices(("none", "max_each"))}
    make_finished_sweep(pruning=False, space=space)
    app = open_page("study", study="sweep")
    assert not app.error
    table = app.dataframe[0].value
    assert set(table["conv_blocks"]) == {1, 2}
    assert set(table["pooling"]) == {"None", "Maximum, each block"}
    assert "convolution blocks **" in texts(app)
    for view in ("slices", "parallel"):
        app.segmented_control(key="study_view").set_value(view).run()
        assert not app.error
        assert len(app.get("plotly_chart")) == 2
    find(app.button, "Use these settings").click().run()
    train = app.switch_page("pages/train.py").run()
    assert not train.exception
    assert "--network custom" in train.code[0].value


@pytest.mark.parametrize("view", ["slices", "parallel", "importance"])
def test_views_draw_their_chart(view: str) -> None:
    make_finished_sweep(pruning=False)
    app = open_page("study")
    app.segmented_control(key="study_view").set_value(view).run()
    assert not app.error
    assert len(app.get("plotly_chart")) == 2


def test_views_say_what_they_still_need() -> None:
    make_finished_sweep(trials=1)
    app = open_page("study")
    app.segmented_control(key="study_view").set_value("importance").run()
    assert "Importance needs 6 finished trials (1 so far" in texts(app)
    app.segmented_control(key="study_view").set_value("parallel").run()
    assert "needs two trials with at least one epoch each (1 so far)" in texts(app)


def test_running_sweep_shows_the_trial_in_hand(controlled: list[str]) -> None:
    study = make_sweep(trials=4)

    def leave(run, epoch: int) -> bool:
        if run.run_id.endswith("t002"):
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        Trainer(before_epoch=leave).control(study)
    app = open_page("study")
    assert metrics(app)["Trials done"] == "1 of 4"
    (bar,) = app.get("progress")
    assert bar.proto.text == "Trial 2 of 4: Training, epoch 2 of 4"
    assert metrics(app)["Time left"] != "–"
    assert list(app.dataframe[0].value["state"]) == ["finished", "running"]
    assert "Stop the study" in labels(app)

    find(app.button, "Stop the study").click().run()
    assert study.is_stop_requested
    assert study.find_run(1).is_stop_requested


def test_failed_sweep_says_why_and_can_be_resumed() -> None:
    study = make_sweep()
    trainer = Trainer(
        before_epoch=lambda run, _: write_status(run, "failed", error="Too hot.") or 1
    )
    with pytest.raises(Exception, match="failed in a row"):
        trainer.control(study)
    status = study.load_status()
    launch.Study.save_status(study, launch.dataclasses.replace(
        status, outcome="failed", error="3 trials failed in a row. The last one: Too hot."
    ))  # fmt: skip
    app = open_page("study")
    assert "3 trials failed in a row. The last one: Too hot. Resume tries again." in texts(app)
    assert list(app.dataframe[0].value["note"]) == ["Too hot."] * 3
    find(app.button, "Resume").click().run()
    assert study.load_state() is not StudyState.FAILED


def test_repeat_shows_mean_deviation_and_interval() -> None:
    study = make_repeat(seeds=3)
    app = open_page("study")
    assert metrics(app)["Test accuracy"] == "–"
    for run, test in zip(study.list_runs(), (0.80, 0.82), strict=False):
        finish_run(run, validation=test + 0.1, test=test)
    app = open_page("study")
    assert not app.error
    shown = {metric.label: metric for metric in app.metric}
    assert shown["Test accuracy, 2 seeds"].value == "81.00 ± 1.41%"
    assert shown["Test accuracy, 2 seeds"].delta == "95% interval 68.29 to 93.71%"
    assert shown["Validation accuracy, 2 seeds"].value == "91.00 ± 1.41%"
    assert list(app.dataframe[0].value["State"]) == ["finished", "finished", "queued"]


def test_study_is_extended_deleted_and_brought_back() -> None:
    study = make_finished_sweep(trials=2)
    app = open_page("study")
    find(app.number_input, "More trials").set_value(3)
    find(app.button, "Extend the study").click().run()
    assert open_study(study.name).plan.trials == 5
    Trainer().control(open_study(study.name))
    app = open_page("study")
    find(app.button, "Delete the study").click().run()
    assert list_studies() == []
    assert list_runs() == []
    assert "sweep was deleted." in texts(app)
    find(app.button, "Undo").click().run()
    assert [other.name for other in list_studies()] == ["sweep"]
    assert len(list_runs()) == 5
    find(app.button, "Delete the study").click().run()
    app.multiselect(key="studies_trash").set_value(["sweep"]).run()
    find(app.button, "Erase 1 study").click().run()
    assert list_deleted_studies() == []
    assert "undo_study" not in [button.key for button in app.button]


def test_all_studies_are_listed() -> None:
    make_finished_sweep(trials=2)
    start_study(StudyPlan(REPEAT, RECIPE, trials=2), name="again")
    app = open_page("study")
    table = app.dataframe[-1].value
    assert list(table["Study"]) == ["study?study=again", "study?study=sweep"]
    assert list(table["State"]) == ["running", "finished"]
    assert list(table["Runs done"]) == ["0 of 2", "2 of 2"]


def test_unknown_study_in_the_address_is_reported() -> None:
    make_finished_sweep(trials=1)
    app = open_page("study", study="nobody")
    assert "There is no study named “nobody”" in texts(app)
    assert app.selectbox(key="study_name").value == "sweep"


def test_damaged_journal_is_reported_on_the_page() -> None:
    study = make_finished_sweep(trials=1)
    study.journal_path.write_text("{\n" + study.journal_path.read_text())
    write_launch(study.find_run(0), alive=False)
    app = open_page("study")
    assert "journal.log can't be read" in texts(app)
    assert app.title[0].value == "Study"
