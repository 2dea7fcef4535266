from __future__ import annotations

import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from fmnist import settings
from fmnist.runs import Notes, Recipe, Run, create_run, save_notes
from fmnist.runs.files import write_json
from fmnist.ui.shell import summaries
from fmnist.ui.shell.download_links import take_content
from tests.support.pages import labels, open_alone, open_page, texts
from tests.support.runs import make_run

pytestmark = pytest.mark.usefixtures("spawned")


def table(app: AppTest, number: int = 0):
    return app.dataframe[number].value


def make_seeds(accuracies: list[float]) -> list[Run]:
    """Finish runs that differ only in the seed."""
    runs = []
    for seed, accuracy in enumerate(accuracies):
        run = make_run("finished", f"seed-{seed}")
        recipe = json.loads((run.path / "recipe.json").read_text()) | {"seed": seed}
        write_json(run.path / "recipe.json", recipe)
        report = json.loads(run.report_path.read_text()) | {"test": {"accuracy": accuracy}}
        write_json(run.report_path, report)
        runs.append(run)
    return runs


def test_page_without_runs_leads_to_train() -> None:
    app = open_page("runs")
    assert not app.error
    assert "No run yet" in texts(app)
    assert not app.dataframe


def test_page_stands_alone_and_lists_every_state(spawned: list[int]) -> None:
    states = ["failed", "finished", "lost", "queued", "running", "stopped"]
    for state in states:
        make_run(state)
    app = open_alone("runs")
    assert not app.error
    assert sorted(table(app)["state"]) == states
    row = table(app).set_index("run").loc["a-finished-run"]
    assert (row["test_accuracy"], row["parameters"]) == (pytest.approx(95.0), 538_122)
    assert spawned  # whoever opens the page sees to it that the queue goes on


def test_filters_and_order_are_taken_from_the_url_and_from_the_widgets() -> None:
    make_run("finished", "one", network="cnn")
    make_run("finished", "two")
    save_notes(make_run("failed", "three"), Notes("ran out of memory", ("retry",)))
    app = open_page("runs", network="cnn")
    assert list(table(app)["run"]) == ["one"]
    app.multiselect(key="network").set_value([]).run()
    assert len(table(app)) == 3
    app.selectbox(key="order").set_value("Name").run()
    assert list(table(app)["run"]) == ["one", "three", "two"]
    app.text_input(key="search").set_value("memory").run()
    assert list(table(app)["run"]) == ["three"]
    app.multiselect(key="tag").set_value(["retry"]).run()
    app.multiselect(key="state").set_value(["finished"]).run()
    assert "No run passes these filters" in texts(app)
    assert not app.exception


def make_trial(run_id: str, study: str) -> Run:
    run = make_run("finished", run_id)
    values = json.loads((run.path / "recipe.json").read_text()) | {"owner": f"study {study}"}
    write_json(run.path / "recipe.json", values)
    return run


def test_trials_of_studies_are_hidden_until_asked_for() -> None:
    make_run("finished", "own")
    make_trial("alpha-t001", "alpha")
    make_trial("beta-t001", "beta")
    app = open_page("runs")
    assert list(table(app)["run"]) == ["own"]
    assert "1 of 3 runs; 2 trials of studies are hidden." in texts(app)
    app.toggle(key="trials").set_value(True).run()
    assert sorted(table(app)["run"]) == ["alpha-t001", "beta-t001", "own"]
    app.toggle(key="trials").set_value(False).run()
    app.multiselect(key="study").set_value(["beta"]).run()
    assert list(table(app)["run"]) == ["beta-t001"]
    assert not app.exception


def test_page_without_studies_offers_no_trials() -> None:
    make_run("finished", "own")
    app = open_page("runs")
    assert "trials" not in [toggle.key for toggle in app.toggle]
    assert "study" not in [box.key for box in app.multiselect]


def test_columns_shown_at_first_are_few_and_the_others_can_be_turned_on() -> None:
    make_run("finished", "own")
    app = open_page("runs")
    shown = list(app.dataframe[0].proto.column_order)
    assert {"test_interval", "learning_rate", "seed"} <= set(shown)
    hidden = set(table(app).columns) - set(shown)
    assert {"machine", "precision_used", "width", "normalisation", "start_from"} <= hidden
    assert table(app).loc[0, "augmentation"] == "Flip and shift"
    assert table(app).loc[0, "test_interval"].endswith("%")


def test_chosen_runs_come_from_the_url_and_race() -> None:
    make_run("finished", "one")
    make_run("failed", "two")
    app = open_page("runs", runs="two,one")
    assert not app.error
    assert [element.value for element in app.header] == ["2 runs chosen"]
    charts = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    assert [chart["layout"]["title"]["text"] for chart in charts] == [
        "Validation accuracy", "Validation loss"
    ]  # fmt: skip
    assert [trace["name"] for trace in charts[0]["data"]] == ["two", "one"]
    app.slider(key="smoothing").set_value(0.9).run()
    app.toggle(key="batches").set_value(True).run()
    (chart, _) = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    assert len(chart["data"]) == 6  # each run: batches, values as they are, smoothed values


def test_race_goes_over_seconds_when_asked() -> None:
    make_run("finished", "one")
    app = open_page("runs", runs="one", over="Seconds")
    chart = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert chart["layout"]["xaxis"]["title"]["text"] == "Training time (s)"


def test_table_of_too_many_runs_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two", "three"):
        make_run("finished", name)
    assert "in this order" not in texts(open_page("runs"))
    monkeypatch.setattr(settings, "MAX_LISTED_RUNS", 2)
    app = open_page("runs", runs="one", order="Name")
    assert list(app.dataframe[0].value["run"]) == ["one", "three"]
    assert "The first 2 in this order." in texts(app)
    assert "2 of 3 runs" in texts(app)
    app = open_page("runs", order="Name", search="two")
    assert list(app.dataframe[0].value["run"]) == ["two"]
    overview = open_page("overview")
    assert len(overview.dataframe[0].value) == 2
    links = [link.proto.label for link in overview.get("page_link")]
    assert "The newest 2 of 3. Search the others" in links


def test_bar_shows_that_many_runs_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    make_run("finished", "one")
    shown = []
    monkeypatch.setattr(summaries, "BAR_SECONDS", -1.0)
    monkeypatch.setattr(
        "streamlit.delta_generator.DeltaGenerator.progress",
        lambda _self, share, text: shown.append((share, text)),
    )
    open_page("runs")
    assert (0.0, "Reading 1 runs") in shown


def test_unknown_run_in_the_url_is_reported() -> None:
    make_run("finished", "one")
    app = open_page("runs", runs="one,gone,../x")
    assert [warning.value.split("“")[1].split("”")[0] for warning in app.warning] == [
        "gone",
        "../x",
    ]
    assert [element.value for element in app.header] == ["one"]


def test_chosen_run_that_the_filters_hide_stays_chosen() -> None:
    make_run("finished", "one", network="cnn")
    make_run("finished", "two")
    app = open_page("runs", runs="one", network="baseline")
    assert "Chosen but hidden by the filters: 1." in texts(app)
    assert [element.value for element in app.header] == ["one"]


def test_recipes_side_by_side_and_only_their_differences() -> None:
    create_run(Recipe("cnn", seed=1), run_id="one")
    create_run(Recipe("cnn", seed=2, dropout=0.5), run_id="two")
    app = open_page("runs", runs="one,two", view="Recipes")
    recipes = table(app, 1)
    assert list(recipes.columns) == ["≠", "one", "two"]
    assert len(recipes) > 10
    app.toggle(key="differences").set_value(True).run()
    assert list(table(app, 1).index) == ["Dropout", "Seed"]
    assert "2 of " in texts(app)


def test_same_recipes_have_no_differences() -> None:
    make_run("queued", "one")
    make_run("queued", "two")
    app = open_page("runs", runs="one,two", view="Recipes")
    app.toggle(key="differences").set_value(True).run()
    assert "These recipes are identical" in texts(app)


def test_seeds_are_summed_up() -> None:
    make_seeds([0.90, 0.92, 0.94])
    app = open_page("runs", runs="seed-0,seed-1,seed-2", view="Seeds")
    (row,) = table(app, 1).to_dict("records")
    assert row["Seeds"] == "0, 1, 2"
    assert row["Test accuracy"] == "92.00 ± 2.00%"
    assert row["95% interval (test)"] == "87.03% to 96.97%"  # t(2) = 4.303, over √3
    app = open_page("runs", runs="seed-0", view="Seeds")
    assert "differ only in the seed" in texts(app)


def test_runs_on_other_data_are_marked() -> None:
    make_run("finished", "real")
    demo = make_run("finished", "demo")
    report = json.loads(demo.report_path.read_text()) | {"data": {"kind": "demo"}}
    write_json(demo.report_path, report)
    app = open_page("runs", runs="real,demo")
    assert dict(zip(table(app)["run"], table(app)["tested_on"], strict=True)) == {
        "real": "Fashion-MNIST", "demo": "demo set"
    }  # fmt: skip
    assert "are not comparable" in app.warning[0].value


def test_downloads_say_what_and_how_much() -> None:
    run = make_run("finished", "one")
    (run.path / "model.keras").write_bytes(b"x" * 2_000_000)
    app = open_page("runs", runs="one")
    names = [button.proto.label for button in app.get("download_button")]
    assert names == ["Table as CSV", "Curves as CSV"]
    assert "Download as zip (2.0 MB)" in labels(app)
    assert "Delete" in labels(app)


def test_a_click_offers_the_chosen_runs_at_an_address_of_their_own() -> None:
    make_run("finished", "one")
    make_run("finished", "two")
    app = open_page("runs", runs="one")
    assert not app.get("iframe")
    app.button(key="runs_zip").click().run()
    (frame,) = app.get("iframe")
    assert frame.proto.src.endswith("/one.zip")
    assert take_content(frame.proto.src.split("/")[-2]) == ("one",)


def test_two_hundred_runs_are_listed_in_a_moment() -> None:
    for i in range(200):
        make_run("finished" if i % 3 else "failed", f"run-{i:03d}")
    app = open_page("runs")
    start = time.perf_counter()
    app.run()
    assert time.perf_counter() - start < 5  # 0.3 s on an idle machine
    assert len(table(app)) == 200


def test_benchmark_card_of_two_to_four_runs_as_markdown() -> None:
    make_seeds([0.90, 0.92, 0.94])
    app = open_page("runs", runs="seed-0,seed-1", view="Benchmark card")
    assert not app.error
    assert app.code[0].value.startswith("| Metric | seed-0 | seed-1 |\n| --- | --- | --- |\n")
    assert "| Test accuracy | 90.00% | 92.00% |" in app.code[0].value
    assert "92.00% ± 2.00% (n = 3)" in app.code[0].value
    assert "Multiplications per image | –" not in app.code[0].value
    app = open_page("runs", runs="seed-0", view="Benchmark card")
    assert "Tick 2 to 4 runs" in texts(app)
    assert not app.code
