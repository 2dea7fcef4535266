from __future__ import annotations

import pytest

from fmnist.runs.watch import load_watch
from fmnist.ui.widgets.watched_images import WatchState
from tests.support.pages import labels, metrics, open_alone, open_page, read_state, texts
from tests.support.runs import make_run
from tests.support.watches import write_watch

pytestmark = pytest.mark.usefixtures("spawned")


def tiles(app) -> str:
    (html,) = [block.proto.body for block in app.get("html") if "listitem" in block.proto.body]
    return str(html)


def epoch_slider(app):
    return next(slider for slider in app.slider if slider.label == "Epoch")


def read_epoch(app) -> int:
    return int(texts(app).partition("After epoch ")[2].partition(":")[0])


@pytest.mark.parametrize("open_one", [open_page, open_alone])
def test_run_that_is_over_shows_its_last_epoch_and_the_slider_moves_all(open_one) -> None:
    run = make_run("stopped")
    write_watch(run, epochs=4)
    app = open_one("train", run=run.run_id)
    assert epoch_slider(app).value == 4
    assert "After epoch 4" in texts(app)
    last = tiles(app)
    assert last.count("listitem") == 30
    right = last.count("✓")
    assert right + last.count("✗") == 30
    assert f"**{right} of 30**" in texts(app)
    epoch_slider(app).set_value(1).run()
    assert not app.exception
    assert "After epoch 1" in texts(app)
    assert tiles(app).count("✓") < right


def test_play_goes_through_the_epochs_and_ends_at_the_last() -> None:
    run = make_run("finished")
    write_watch(run, epochs=3)
    app = open_page("train", run=run.run_id)
    app.button(key="watch_play").click().run()
    assert "Pause" in labels(app)
    seen = [read_epoch(app)]
    for _ in range(3):  # each drawing is one of those that the browser asks for in time
        app.run()
        seen.append(read_epoch(app))
    assert seen == [1, 2, 3, 3]
    assert "Play" in labels(app)
    assert epoch_slider(app).value == 3


def test_pause_stays_where_it_is() -> None:
    run = make_run("finished")
    write_watch(run, epochs=9)
    app = open_page("train", run=run.run_id)
    epoch_slider(app).set_value(4).run()
    app.button(key="watch_play").click().run()
    app.run()
    playing = read_state(app, WatchState, run.run_id).playing
    assert 4 < playing < 9
    app.button(key="watch_pause").click().run()
    assert epoch_slider(app).value == playing
    app.run()
    assert epoch_slider(app).value == playing


def test_run_at_work_shows_the_newest_epoch_unless_the_slider_was_moved() -> None:
    run = make_run("running")
    app = open_page("train", run=run.run_id)
    assert "After each epoch, 30 validation images are shown here." in texts(app)
    write_watch(run, epochs=1)
    app.run()
    assert "After epoch 1" in texts(app)
    assert epoch_slider(app).disabled
    write_watch(run, epochs=3)
    app.run()
    assert epoch_slider(app).value == 3
    write_watch(run, epochs=4)
    app.run()
    assert epoch_slider(app).value == 4
    epoch_slider(app).set_value(2).run()
    write_watch(run, epochs=5)
    app.run()
    assert epoch_slider(app).value == 2


def test_run_that_went_back_to_its_checkpoint_moves_the_slider_along() -> None:
    run = make_run("running")
    write_watch(run, epochs=5)
    app = open_page("train", run=run.run_id)
    epoch_slider(app).set_value(4).run()
    (run.path / "watch.npz").unlink()
    write_watch(run, epochs=2)
    app.run()
    assert not app.exception
    assert epoch_slider(app).value == 2


def test_older_run_says_that_it_kept_nothing() -> None:
    app = open_page("train", run=make_run("finished").run_id)
    assert "This run has no record of individual images" in texts(app)


def test_damaged_record_is_reported_and_the_rest_of_the_page_lives() -> None:
    run = make_run("finished")
    (run.path / "watch.npz").write_text("hello")
    app = open_page("train", run=run.run_id)
    assert "watch.npz" in app.error[0].value
    assert "Test accuracy" in metrics(app)


def test_record_that_begins_late_is_shown_from_where_it_begins() -> None:
    run = make_run("finished")
    write_watch(run, epochs=3, first=7)
    assert load_watch(run.path).epochs.tolist() == [7, 8, 9]  # type: ignore[union-attr]
    app = open_page("train", run=run.run_id)
    assert (epoch_slider(app).min, epoch_slider(app).max) == (7, 9)
    epoch_slider(app).set_value(8).run()
    assert "After epoch 8" in texts(app)


def test_evaluate_has_the_same_view() -> None:
    run = make_run("finished")
    write_watch(run, epochs=4)
    app = open_page("evaluate", run=run.run_id)
    app.segmented_control(key="view").set_value("Learning").run()
    assert not app.exception
    assert "After epoch 4" in texts(app)


@pytest.mark.parametrize("same_data", [True, False])
def test_pictures_come_from_the_data_in_use_or_not_at_all(same_data: bool) -> None:
    run = make_run("finished")
    write_watch(run, epochs=2, same_data=same_data)
    app = open_page("train", run=run.run_id)
    assert tiles(app).count("<img") == (30 if same_data else 0)
    assert ("no images are shown" in texts(app)) is not same_data
    assert tiles(app).count("listitem") == 30
