"""Fits a classical model: the counterpart of ``fmnist.training.loop``, without Keras.

The fit runs in a thread, so that a stop takes effect within seconds even while scikit-learn
computes for a minute: the process then ends without waiting. A resumed run starts over.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from fmnist.classical.fitting import Fitted, Task, fit_model
from fmnist.classical.session import Session
from fmnist.data import Dataset
from fmnist.errors import RecipeError
from fmnist.runs import Phase, Recipe, Run, open_source
from fmnist.runs.classical import FIT_THREAD
from fmnist.runs.files import write_bytes_atomically
from fmnist.runs.layout import RunFile
from fmnist.runs.onnx_file import get_cached_path
from fmnist.training.data import choose_training_data
from fmnist.training.reporter import Reporter, StopRequestedError
from fmnist.training.trained import Progress, Trained

_POLL_SECONDS: Final = 0.2
"""How often to check for a stop."""

_GRACE_SECONDS: Final = 3.0
"""How long to wait for a fit's next report after a stop before abandoning it."""


class Classical(Session):
    """A fitted model that predicts with its ONNX file, and its number of parameters."""

    def __init__(self, path: Path, parameters: int) -> None:
        super().__init__(path)
        self._parameters = parameters

    def count_params(self) -> int:
        """Return the number of parameters."""
        return self._parameters


def train(run: Run, dataset: Dataset, reporter: Reporter) -> Trained:
    """Fit the recipe's model and write ``model.onnx``.

    Raises:
        StopRequestedError: a stop was requested; nothing is kept.
        DataError: the recipe's file of edits can't be used.
        RecipeError: the run that it starts from can't be used.
        RunError: the ONNX graph's predictions differ from scikit-learn's.
    """
    recipe, data = run.recipe, choose_training_data(dataset, run.recipe)
    source = _find_source(recipe)
    reporter.enter(Phase.FITTING, total=1)
    start = time.monotonic()
    state = (0.0, "")
    is_over = threading.Event()

    def report(share: float, detail: str) -> None:
        nonlocal state
        if is_over.is_set():
            raise StopRequestedError
        state = (share, detail)

    task = Task(
        recipe=recipe,
        x_train=np.asarray(dataset.x_train[data.train_rows]),
        y_train=np.asarray(data.labels[data.train_rows]),
        x_val=np.asarray(dataset.x_train[data.val_rows]),
        y_val=np.asarray(dataset.y_train[data.val_rows]),
        source=source,
        progress=report,
    )
    fitted = _run_in_thread(
        lambda: fit_model(task), lambda: reporter.show_progress(*state), is_over
    )
    progress = Progress(fitted.passes, fitted.passes, seconds=time.monotonic() - start)
    reporter.update(now=True, seconds=progress.seconds, detail="")
    path = run.path / RunFile.ONNX
    write_bytes_atomically(path, fitted.graph.SerializeToString())
    model = Classical(path, fitted.parameters)
    libraries = ("scikit-learn", "onnxruntime")
    return Trained(model, progress, data, "float32", libraries)


def _find_source(recipe: Recipe) -> Path | None:
    """Return the ``model.onnx`` of the network whose features the recipe uses."""
    if not recipe.start_from:
        return None
    source = open_source(recipe)
    path = source.onnx_path
    if path is None and source.model_path is not None:
        path = get_cached_path(hashlib.sha256(source.model_path.read_bytes()).hexdigest())
    if path is None or not path.is_file():
        raise RecipeError(
            f"{source.run_id} has no {RunFile.ONNX} yet, whose features would be compared. Let it "
            "classify an image on the Predict page, which makes one, and start again."
        )
    return path


def _run_in_thread(
    fit: Callable[[], Fitted], poll: Callable[[], None], is_over: threading.Event
) -> Fitted:
    """Call ``fit`` in a thread and ``poll`` meanwhile, which may raise an error to abandon it.

    Then ``is_over`` is set, and ``fit`` has a few seconds to end at its next report.
    """
    results: list[Fitted] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            results.append(fit())
        # Raised again by the waiting thread.
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    thread = threading.Thread(target=work, name=FIT_THREAD, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_POLL_SECONDS)
            poll()
    except BaseException:
        is_over.set()
        thread.join(_GRACE_SECONDS)
        raise
    if errors:
        raise errors[0]
    return results[0]
