"""Which explainers fit a prediction, and that every one computes what pages can draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fmnist.data import load_dataset
from fmnist.explain import (
    EXPLAINERS,
    Coverage,
    Heatmap,
    Ranking,
    Subject,
    Text,
    Tiles,
    find_explainers,
    gradients,
)
from fmnist.explain.nearest import load_features
from fmnist.images import Prepared
from fmnist.images.examples import draw_examples
from fmnist.images.pipeline import prepare_picture
from fmnist.runs import Run
from tests.support.networks import CornerPool
from tests.support.runs import make_run


@pytest.fixture
def item(isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Subject]:
    """A test image whose corner is bright, which is all that the network looks at.

    Features are cached in a separate folder: other tests' networks have the same files.
    """
    monkeypatch.setenv("FMNIST_CACHE", str(tmp_path / "cache"))
    load_features.cache.clear()
    image = np.full((28, 28), 40, np.uint8)
    image[2:8, 2:8] = 250
    yield Subject(pool=CornerPool(), run=make_run("finished", "one"), image=image, label=3)
    load_features.cache.clear()


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare_picture(draw_examples()[0].picture)


@pytest.fixture
def picture(item: Subject, prepared: Prepared) -> Subject:
    networks = [item.run, make_run("finished", "other")]
    return replace(
        item,
        image=prepared.image,
        prepared=prepared,
        dataset=load_dataset(),
        networks=networks,
    )


def list_ids(subject: Subject) -> list[str]:
    return [explainer.id for explainer in find_explainers(subject)]


def test_explainers_are_listed_where_their_needs_are_met(item: Subject, picture: Subject) -> None:
    assert list_ids(item) == ["occlusion", "perturbations"]
    assert list_ids(replace(item, dataset=picture.dataset))[2:] == ["nearest"]
    without = [explainer.id for explainer in EXPLAINERS if "gradients" not in explainer.needs]
    assert list_ids(picture) == without
    (picture.run.path / "model.keras").touch()
    assert list_ids(picture) == [explainer.id for explainer in EXPLAINERS]
    assert len(set(list_ids(picture))) == len(EXPLAINERS)


@pytest.fixture(autouse=True)
def no_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer for the Keras worker."""
    answer = np.ones((1, 28, 28), np.float32), "a_layer"
    monkeypatch.setattr(gradients, "attribute_pixels", lambda *_: answer)


@pytest.mark.parametrize("explainer", EXPLAINERS, ids=lambda explainer: explainer.id)
def test_explainer_returns_parts_that_pages_draw(explainer, picture: Subject) -> None:
    (picture.run.path / "model.keras").touch()
    parts = explainer.compute(replace(picture, against=5))
    assert parts
    assert {type(part) for part in parts} <= {Text, Tiles, Heatmap, Ranking, Coverage}


def explain(explainer_id: str, subject: Subject) -> list:
    (explainer,) = [each for each in find_explainers(subject) if each.id == explainer_id]
    return list(explainer.compute(subject))


def test_changed_corner_changes_the_prediction(item: Subject) -> None:
    result, tiles = explain("perturbations", item)
    agreeing = sum(tile.agrees for tile in tiles.tiles)
    assert result.text.startswith(f"**{agreeing} of {len(tiles.tiles)}**")
    inverted = next(tile for tile in tiles.tiles if tile.title == "inverted")
    assert not inverted.agrees
    assert inverted.note == "T-shirt/top"


def test_networks_that_agree_are_counted(item: Subject) -> None:
    networks = [item.run, make_run("finished", "other")]
    result, ranking = explain("agreement", replace(item, networks=networks))
    assert result.text == "**2 of 2** networks predict Dress."
    assert ranking.rows[1][:2] == ("other", "Dress")
    assert ranking.rows[1][2] == pytest.approx(250 / 255, abs=1e-4)


def test_steps_that_change_nothing_ask_the_network_nothing(
    picture: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[np.ndarray] = []
    predict = CornerPool.predict

    def count(pool: CornerPool, run: Run, images: np.ndarray) -> np.ndarray:
        asked.extend(images)
        return predict(pool, run, images)

    monkeypatch.setattr(CornerPool, "predict", count)
    tiles = explain("steps", picture)[0].tiles
    assert picture.prepared is not None
    images = [step.image.tobytes() for step in picture.prepared.steps]
    assert images[-1] == images[-2]
    assert len(asked) == len(set(images))
    assert tiles[-1].result == tiles[-2].result


def test_steps_name_the_prediction_after_each(picture: Subject) -> None:
    tiles = explain("steps", picture)[0].tiles
    assert picture.prepared is not None
    assert len(tiles) == len(picture.prepared.steps)
    assert tiles[0].title == "1. As given"
    assert tiles[-1].result.startswith("T-shirt/top (")
