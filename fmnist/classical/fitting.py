"""Fits a classical model to a run's images and exports its ONNX graph."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classical.session import Session
from fmnist.errors import RunError
from fmnist.runs import Recipe

CHECKED_IMAGES: Final = 256
"""Validation images for which the graph must predict the same as scikit-learn."""

TOLERANCE: Final = 1e-3
"""Largest difference of a probability, float32 against float64."""

ODD_SHARE: Final = 0.01
"""Share of these images that may differ by more: of two neighbours or thresholds that are equally
far but for rounding, scikit-learn may choose the other one."""

Predict = Callable[[NDArray[np.uint8]], NDArray[np.floating]]
"""Probabilities ``(n, 10)`` of images, uint8 ``(n, 28, 28)``."""


@dataclass(frozen=True)
class Task:
    """The data and settings for fitting a model.

    Attributes:
        recipe: its settings.
        x_train: uint8 ``(n, 28, 28)``.
        y_train: uint8 ``(n,)``.
        x_val: uint8 ``(m, 28, 28)``; for calibration and for the check of the graph.
        y_val: uint8 ``(m,)``.
        source: ``model.onnx`` of the network whose features are used; None if none are used.
        progress: called with the fraction done, 0 to 1, and the current step; raises an error to
            end the fit.
    """

    recipe: Recipe
    x_train: NDArray[np.uint8]
    y_train: NDArray[np.uint8]
    x_val: NDArray[np.uint8]
    y_val: NDArray[np.uint8]
    source: Path | None
    progress: Callable[[float, str], None]


@dataclass(frozen=True)
class Fitted:
    """A fitted model.

    Attributes:
        graph: an ``onnx.ModelProto`` with the names of ``fmnist.runs.onnx_file``.
        predict: the same prediction by scikit-learn.
        parameters: number of values learned, or kept from the training images.
        passes: number of passes over the training images; 0 for a model that is not fitted in
            passes.
    """

    graph: Any
    predict: Predict
    parameters: int
    passes: int = 0


def fit_model(task: Task) -> Fitted:
    """Fit the recipe's model.

    Raises:
        RunError: the graph's predictions differ from scikit-learn's.
    """
    module = importlib.import_module(f"fmnist.classical.{task.recipe.network}")
    fitted: Fitted = module.fit(task)
    images = task.x_val[:CHECKED_IMAGES]
    answers = Session(fitted.graph.SerializeToString()).predict(images)
    check_answers(task.recipe.network, answers, fitted.predict(images))
    return fitted


def check_answers(
    network: str, answers: NDArray[np.float32], expected: NDArray[np.floating]
) -> None:
    """Check that a graph's probabilities equal scikit-learn's.

    Raises:
        RunError: they differ on more than one image in a hundred.
    """
    is_equal = np.abs(answers - expected).max(axis=1) <= TOLERANCE
    odd = 1 - np.mean(is_equal)  # NaN is equal to nothing
    if odd > ODD_SHARE:
        raise RunError(
            f"The ONNX graph of {network} differs from scikit-learn on {odd:.0%} of "
            f"{len(answers)} images, so it was not kept. Install the packages of requirements.txt "
            "again."
        )
