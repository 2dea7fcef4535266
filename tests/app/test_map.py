"""The Map page, run without a browser on a small data set, its map computed or not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist.data import load_dataset
from fmnist.embedding.store import EmbeddingStore, MapRequest, load_embedding, open_embedding
from fmnist.explain.nearest import load_features
from fmnist.inference import InferencePool
from fmnist.runs import open_run
from fmnist.runs.files import write_json
from fmnist.ui.shell import changes
from fmnist.ui.shell.page_state import Field
from tests.support.hostile import list_html
from tests.support.label_issues import write_search
from tests.support.networks import CornerPool
from tests.support.pages import fake_pool, find, in_url, labels, open_page, read_state, texts
from tests.support.runs import make_run, write_launch
from tests.support.uploads import png

pytestmark = pytest.mark.usefixtures("a_run")


@pytest.fixture(autouse=True)
def started(a_run: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Start no process; return what would have been started."""
    fake_pool(monkeypatch)
    load_features.cache.clear()
    monkeypatch.setattr(InferencePool, "extract", CornerPool.extract)
    (tmp_path / "models" / "first" / "model.onnx").write_bytes(b"a network")
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        changes.computation,
        "start_computation",
        lambda *given, owner: calls.append(given[1:]),
    )
    return calls


def compute(method: str = "pca", split: Any = "test") -> EmbeddingStore:
    request = MapRequest(open_run("first"), load_dataset(), method, split)
    load_embedding(CornerPool(), request, lambda _what, _share: None)
    return open_embedding(request)


def count_highlighted(app: AppTest) -> int:
    """Return how many images keep their colour on the map, as its text alternative says."""
    (found,) = [
        match
        for each in app.get("plotly_chart")
        if (match := re.search(r"images as points, ([\d,]+) of them selected", each.proto.alt))
    ]
    return int(found[1].replace(",", ""))


def test_pca_starts_by_itself_once_and_tsne_by_a_click(started: list[tuple[Any, ...]]) -> None:
    app = open_page("map")
    assert started == [("fmnist.embedding", "first", "pca", "test")]
    app.run()
    assert len(started) == 1
    assert "Compute the map by PCA" in labels(app)
    app = find(app.segmented_control, "Method").set_value("t-SNE").run()
    assert len(started) == 1
    find(app.button, "Compute the map by t-SNE").click().run()
    assert started[1] == ("fmnist.embedding", "first", "tsne", "test")


def test_failed_map_says_why() -> None:
    store = open_embedding(MapRequest(open_run("first"), load_dataset(), "tsne"))
    store.path.mkdir(parents=True)
    run = make_run("queued")
    write_launch(run, alive=False)
    (run.path / "launch.json").rename(store.launch_path)
    write_json(store.progress_path, {"what": "", "share": 0.0, "error": "No space."})
    assert open_page("map", method="t-SNE").error[0].value == "No space."


def test_map_says_how_faithful_it_is() -> None:
    compute()
    app = open_page("map")
    assert "How faithful is this map?" in texts(app)
    assert "Draw a lasso around points" in texts(app)
    assert "85.0% of all 200 images are correct" in texts(app)
    assert count_highlighted(app) == 200


def test_cell_highlights_its_images_and_shows_them() -> None:
    compute()
    app = open_page("map", cell="6-0")
    assert count_highlighted(app) == 4
    assert "4 images are selected" in texts(app)
    assert "Test image 6." in texts(app)
    app.selectbox(key="map_true").select(-1).run()
    assert in_url(app, "cell") == "any-0"
    assert 4 < count_highlighted(app) < 200
    find(app.button, "Clear the selection").click().run()
    assert in_url(app, "cell") == "any-any"
    assert count_highlighted(app) == 200


def test_lasso_shows_its_matrix_and_a_cell_its_part() -> None:
    store = compute()
    app = open_page("map")
    read_state(app, Field, f"map_lasso_{store.path.name}").value = [6, 16, 40, 41]
    app.run()
    assert "4 images are selected" in texts(app)
    assert "50.0% of the selected 4 images are correct" in texts(app)
    app.selectbox(key="map_true").select(6)
    app.selectbox(key="map_predicted").select(0).run()
    assert count_highlighted(app) == 2
    assert "Test image 6." in texts(app)
    app.selectbox(key="map_predicted").select(1).run()
    assert "No image is in this cell." in texts(app)


def list_links(app: AppTest) -> list[tuple[str, str]]:
    return [(link.proto.label, link.proto.query_string) for link in app.get("page_link")]


def test_training_images_are_shown_as_such(tmp_path: Path) -> None:
    (tmp_path / "models" / "first" / "model.keras").write_bytes(b"a network")
    compute(split="train")
    app = open_page("map", images="Sample of training images", cell="7-any")
    assert "Training image 7." in texts(app)
    # The page that looks inside the network knows test images alone.
    assert list_links(app) == [("Judge this label", "image=train-7")]
    compute()
    assert list_links(open_page("map", cell="7-any")) == [
        ("Look inside the network", "run=first&item=7"),
        ("Judge this label", "image=test-7"),
    ]


def test_colours_of_label_issues_need_a_search() -> None:
    compute()
    app = open_page("map")
    assert "Label issue" not in find(app.segmented_control, "Colour").options
    write_search()
    app.run()
    find(app.segmented_control, "Colour").set_value("Label issue").run()
    legend = list_html(app)[-1]
    assert "Copy or leak" in legend
    assert "Outlier" in legend
    for colour in ("Predicted class", "Correct or not", "Confidence"):
        find(app.segmented_control, "Colour").set_value(colour).run()
        assert not app.exception


def test_uploaded_picture_is_a_star_on_the_map() -> None:
    compute()
    app = open_page("map")
    picture = png(np.asarray(load_dataset().x_test[3]))
    app.file_uploader[0].set_value([("item.png", picture, "image/png")]).run()
    assert "The star is your picture, predicted Ankle boot (91%)" in texts(app)
    app.file_uploader[0].set_value([("item.png", b"no picture", "image/png")]).run()
    assert "item.png" in app.error[0].value


def test_without_networks_there_is_a_way_to_train_one(tmp_path: Path) -> None:
    (tmp_path / "models" / "first" / "model.onnx").unlink()
    assert "No network is trained yet" in texts(open_page("map"))


@pytest.mark.parametrize("value", ["", "x" * 100_000, "![b](http://evil.example/x)"])
def test_what_a_link_can_not_mean_is_replaced(value: str) -> None:
    compute()
    app = open_page("map", method=value, images=value, colour=value, cell=value)
    assert not app.error
    assert "How faithful is this map?" in texts(app)
