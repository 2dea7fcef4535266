from __future__ import annotations

import numpy as np
import pytest

from tests.support.explore_pages import (
    build_images,
    open_alone,
    open_through_router,
    read_metrics,
    read_texts,
)

PAGE = "pages/pixel_statistics.py"


def test_metrics_are_those_of_the_training_images(archive):
    app = open_alone(PAGE)
    assert not app.exception
    x_train = build_images()["x_train"]
    assert read_metrics(app) == {
        "Training images": "300",
        "Mean intensity": f"{x_train.mean():.1f}",
        "Standard deviation": f"{x_train.std():.1f}",
        "Empty pixels": f"{np.mean(x_train == 0):.1%}",
    }
    assert f"{x_train.mean() / 255:.3f}" in app.markdown[-1].value


@pytest.mark.parametrize(
    ("view", "charts", "sentence"),
    [
        ("All pixels", 1, "of all pixels are 0, the background"),
        ("By class", 1, "Garment pixels are brightest in"),
        ("Mean and spread", 3, "varies most"),
        ("Empty pixels and brightness", 2, "of the image empty"),
        ("Distances", 1, "are the most similar"),
    ],
)
def test_each_view_shows_its_charts_each_with_a_sentence(archive, view, charts, sentence):
    app = open_alone(PAGE)
    app.segmented_control(key="view").set_value(view).run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == charts
    assert sentence in read_texts(app)


def test_the_url_chooses_the_view(archive):
    app = open_alone(PAGE, view="Distances")
    assert not app.exception
    assert app.segmented_control(key="view").value == "Distances"
    assert len(app.get("plotly_chart")) == 1


def test_through_the_router(archive):
    app = open_through_router(PAGE)
    assert not app.exception
    assert app.title[0].value == "Pixel statistics"
    assert len(app.get("plotly_chart")) == 1


def test_a_broken_archive_is_named(archive, tmp_path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"")
    app = open_alone(PAGE)
    assert not app.exception
    assert "train-images-idx3-ubyte" in app.error[0].value
