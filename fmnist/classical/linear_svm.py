"""A linear support vector machine on histograms of oriented gradients."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import softmax
from sklearn.linear_model import SGDClassifier

from fmnist.classes import N_CLASSES
from fmnist.classical.fitting import Fitted, Task
from fmnist.classical.graphs import HOG, build_linear
from fmnist.classical.session import Session
from fmnist.evaluation.calibration import fit_temperature

_FEATURES: Final = 6 * 6 * 4 * 9
"""Number of features of an image: blocks by cells by orientations."""

_FEATURES_SHARE: Final = 0.2
"""Share of the work that the features are, roughly."""

_CHUNK: Final = 2000
"""Images between two reports."""


def fit(task: Task) -> Fitted:
    """Fit ten one-versus-rest machines by stochastic gradient descent on the hinge loss.

    A support vector machine returns margins, not probabilities. They are converted by a softmax
    with a temperature fitted on the validation images.
    """
    recipe = task.recipe
    # The graph defines the features; here, still without weights, it computes them.
    empty = build_linear(HOG, np.zeros((_FEATURES, N_CLASSES)), np.zeros(N_CLASSES))
    extract = Session(empty.SerializeToString()).extract
    x = np.empty((len(task.x_train), _FEATURES), np.float32)
    for start in range(0, len(x), _CHUNK):
        task.progress(_FEATURES_SHARE * start / len(x), "histograms of gradients")
        x[start : start + _CHUNK] = extract(task.x_train[start : start + _CHUNK])
    model = SGDClassifier(
        alpha=1 / (recipe.inverse_regularisation * len(x)), average=True, random_state=recipe.seed
    )
    for number in range(recipe.epochs):
        done = _FEATURES_SHARE + (1 - _FEATURES_SHARE) * number / recipe.epochs
        task.progress(done, f"pass {number + 1} of {recipe.epochs}")
        model.partial_fit(x, task.y_train, np.arange(N_CLASSES))
    margins = model.decision_function(extract(task.x_val))
    temperature = fit_temperature(task.y_val, softmax(margins, axis=1))
    return Fitted(
        build_linear(HOG, model.coef_.T / temperature, model.intercept_ / temperature),
        lambda images: softmax(model.decision_function(extract(images)) / temperature, axis=1),
        model.coef_.size + model.intercept_.size + 1,
        recipe.epochs,
    )
