"""Classical models on the pages: their own settings, no epochs, size and time in the tables."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from fmnist.comparison import build_recipe_table, build_run_table
from fmnist.networks import CLASSICAL_MODELS, find_network
from fmnist.runs import Recipe, RunState, list_runs, load_summary
from fmnist.runs.files import write_json
from tests.support.pages import fake_pool, find, hold_dispatcher, metrics, open_page, texts
from tests.support.runs import build_report, make_run


@pytest.fixture(autouse=True)
def quiet(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pool(monkeypatch)
    hold_dispatcher(monkeypatch)


def make_finished(network: str = "random_forest") -> None:
    """A finished run with a model of half a megabyte that answers in 0.25 ms."""
    run = make_run("finished", "classical", network=network)
    for name in ("history.csv", "steps.csv"):
        (run.path / name).unlink()
    (run.path / "model.onnx").write_bytes(bytes(500_000))
    report = dataclasses.replace(
        build_report(network), best_epoch=0, epochs_run=0, milliseconds_per_image=0.25
    )
    write_json(run.report_path, report.to_dict())


@pytest.mark.parametrize(
    ("network", "own"),
    [
        ("logistic_regression", {"Epochs", "C"}),
        ("k_nearest_neighbours", {"Neighbours", "Features of"}),
        ("random_forest", {"Trees", "Leaf size"}),
        ("gradient_boosting", {"Trees", "Learning rate"}),
        ("linear_svm", {"Epochs", "C"}),
    ],
)
def test_form_shows_the_settings_of_the_model_and_no_others(network: str, own: set[str]) -> None:
    app = open_page("train", network=network)
    assert not app.error
    assert not app.exception
    shown = {each.label for kind in ("number_input", "select_slider", "selectbox", "toggle")
             for each in app.get(kind)}  # fmt: skip
    assert own <= shown
    others = {"Epochs", "C", "Neighbours", "Trees", "Leaf size", "Learning rate", "Dropout",
              "Augmentation", "Batch size", "Precision", "Schedule", "Width", "Start from",
              "Features of"}  # fmt: skip
    assert shown & (others - own) == set()
    shown_reasons = texts(open_page("train", view="design", layers=network))
    for decision, reason in CLASSICAL_MODELS[network].reasons.items():
        assert f"**{decision}**: {reason}" in shown_reasons


def test_form_starts_the_run_that_it_shows() -> None:
    app = open_page("train", network="random_forest")
    find(app.number_input, "Trees").set_value(30).run()
    find(app.button, "Start training").click().run()
    (run,) = list_runs()
    assert run.recipe == Recipe("random_forest", trees=30)
    assert run.load_state() is RunState.QUEUED


def test_finished_run_has_no_epochs_on_the_train_page() -> None:
    make_finished()
    app = open_page("train", run="classical")
    assert metrics(app)["Test accuracy"] == "95.00%"
    assert "Best epoch" not in metrics(app)
    assert "fitted as a whole" in texts(app)
    assert "first training step" not in texts(app)


def test_stopped_run_says_that_it_begins_again() -> None:
    run = make_run("stopped", "halted", network="linear_svm")
    (run.path / "history.csv").unlink()
    words = texts(open_page("train", run="halted"))
    assert "It was not fitted to the end. Resume begins again." in words
    (run.path / "model.onnx").touch()
    words = texts(open_page("train", run="halted"))
    assert "The fitted model is kept. Resume begins again." in words


def test_overview_shows_size_and_time_beside_the_accuracy() -> None:
    make_finished()
    make_run("finished", "network")
    table = open_page("overview").dataframe[0].value.set_index("Run")
    assert table.loc["classical", "Model (MB)"] == 0.5
    assert table.loc["classical", "ms per image"] == 0.25
    assert table.loc[["network"], ["Model (MB)", "ms per image"]].isna().all().all()


def test_evaluate_says_classical_model_and_speaks_of_no_epoch() -> None:
    make_finished("k_nearest_neighbours")
    app = open_page("evaluate", run="classical")
    (words,) = [each.value for each in app.caption if "tested once" in each.value]
    assert words.startswith("Classical model k_nearest_neighbours, 538,122 parameters")
    assert "validated on 60 images" in words
    assert "epoch" not in words


def test_run_with_only_an_onnx_file_can_predict() -> None:
    make_finished()
    app = open_page("predict")
    assert not app.error
    assert "classical" in str([box.options for box in app.selectbox])


def test_table_of_runs_leaves_settings_out_that_a_model_lacks() -> None:
    make_finished()
    make_run("finished", "network", network="cnn")
    table = build_run_table([load_summary(run) for run in list_runs()]).set_index("run")
    assert table.loc["classical", "trees"] == 100
    assert table.loc["classical", "model_mb"] == 0.5
    assert table.loc[["classical"], ["dropout", "batch_size", "precision"]].isna().all().all()
    assert (
        table.loc[["network"], ["trees", "neighbours", "milliseconds_per_image"]].isna().all().all()
    )


def test_recipes_side_by_side_have_rows_for_the_settings_they_have() -> None:
    forest, boosting = (
        find_network(name).recipe for name in ("random_forest", "gradient_boosting")
    )
    table = build_recipe_table({"a": forest, "b": boosting})
    assert "Dropout" not in table.index
    assert list(table.loc["Learning rate"]) == ["≠", "", "0.1"]
    assert list(table.loc["Trees"]) == ["", "100", "100"]


def test_study_offers_no_recipe_of_a_classical_run() -> None:
    make_finished()
    app = open_page("study")
    source = find(app.selectbox, "Start from the recipe of")
    assert source.options
    assert "classical" not in source.options
