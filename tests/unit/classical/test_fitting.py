"""Each classical model learns, reports its progress, and its graph answers as scikit-learn does."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fmnist.classical.fitting import Task, check_answers, fit_model
from fmnist.classical.graphs import PIXELS, build_linear
from fmnist.classical.session import Session, measure_milliseconds
from fmnist.errors import RunError
from fmnist.networks import CLASSICAL_MODELS
from fmnist.runs import Recipe

SMALL: dict[str, dict[str, Any]] = {
    "logistic_regression": {"epochs": 7},
    "k_nearest_neighbours": {"neighbours": 3},
    "random_forest": {"trees": 6},
    "gradient_boosting": {"trees": 3},
    "linear_svm": {"epochs": 2},
}


def draw(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Bars on noise, one row for each class."""
    labels = (np.arange(count) % 10).astype(np.uint8)
    images = np.random.default_rng(seed).integers(0, 80, (count, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels.tolist(), strict=True):
        image[4 + 2 * label : 6 + 2 * label, 4:24] += 150
    return images, labels


def build_task(recipe: Recipe, source: Path | None = None, report: Any = None) -> Task:
    x_train, y_train = draw(300, 0)
    x_val, y_val = draw(60, 1)
    ignore = lambda _share, _detail: None  # noqa: E731
    return Task(recipe, x_train, y_train, x_val, y_val, source, report or ignore)


@pytest.mark.parametrize("network", CLASSICAL_MODELS)
def test_model_learns_and_its_graph_answers_as_scikit_learn_does(network: str) -> None:
    recipe = dataclasses.replace(CLASSICAL_MODELS[network].recipe, **SMALL[network])
    shares: list[float] = []
    task = build_task(recipe, report=lambda share, _detail: shares.append(share))
    fitted = fit_model(task)
    answers = Session(fitted.graph.SerializeToString()).predict(task.x_val)
    np.testing.assert_allclose(answers, fitted.predict(task.x_val), atol=1e-4)
    np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-4)
    assert np.mean(answers.argmax(axis=1) == task.y_val) > 0.8
    assert fitted.parameters > 100
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] < 1


def test_neighbours_can_be_those_of_a_networks_features(tmp_path: Path) -> None:
    """The source's features are the pixels, so that the neighbours must be those of the pixels."""
    source = tmp_path / "model.onnx"
    rng = np.random.default_rng(2)
    source.write_bytes(
        build_linear(PIXELS, rng.normal(size=(784, 10)), np.zeros(10)).SerializeToString()
    )
    recipe = Recipe("k_nearest_neighbours", start_from="other")
    by_features = fit_model(build_task(recipe, source))
    by_pixels = fit_model(build_task(Recipe("k_nearest_neighbours")))
    images, _ = draw(40, 3)
    one, other = (
        Session(each.graph.SerializeToString()).predict(images) for each in (by_features, by_pixels)
    )
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_graph_that_answers_otherwise_is_refused() -> None:
    answers = np.full((256, 10), 0.1, np.float32)
    check_answers("random_forest", answers, answers.astype(float))
    other = np.eye(10)[np.arange(256) % 10]
    with pytest.raises(RunError, match="random_forest differs from scikit-learn on 100%"):
        check_answers("random_forest", answers, other)
    with pytest.raises(RunError, match="differs"):
        check_answers("random_forest", np.full_like(answers, np.nan), answers)


def test_time_of_an_answer_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(build_linear(PIXELS, np.zeros((784, 10)), np.zeros(10)).SerializeToString())
    assert 0 < measure_milliseconds(path) < 1000
