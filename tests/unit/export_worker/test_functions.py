"""Every format is loaded again by its own library, and a damaged network is found out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fmnist import settings
from fmnist.data import load_dataset
from fmnist.export_worker import FORMATS
from tests.support import in_keras_exports
from tests.support.archives import REAL_ARCHIVE

pytestmark = pytest.mark.slow

COARSE = "litert-int8"


@pytest.fixture
def model(isolated: Path, trained: Path) -> str:
    return str(trained / "whole" / "model.keras")


def predict_by_snippet(in_keras: Callable[..., Any], kind: str, path: Path) -> np.ndarray:
    images = np.asarray(load_dataset().x_test).astype(np.float32)[..., np.newaxis]
    y_proba = in_keras(in_keras_exports.run_snippet, kind, str(path), images)
    np.testing.assert_allclose(y_proba.sum(axis=1), 1, atol=0.02)
    return y_proba


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if kind != COARSE])
def test_file_answers_as_the_network_and_its_snippet_loads_it(
    in_keras: Callable[..., Any], model: str, tmp_path: Path, kind: str
) -> None:
    target = tmp_path / FORMATS[kind].name_file("whole")
    archive = str(settings.archive_dir())
    export = in_keras(in_keras_exports.export, model, kind, str(target), archive)
    assert export.refusal == ""
    assert export.comparison.n_images == 200
    # Each weight once, and no state of an optimiser.
    n_weights = 538_122 / (4 if FORMATS[kind].is_quantised else 1)
    assert 0.99 * 4 * n_weights < export.n_bytes < 4 * n_weights + 200_000
    assert export.milliseconds > 0
    y_proba = predict_by_snippet(in_keras, kind, target)
    right = (y_proba.argmax(axis=1) == load_dataset().y_test).mean()
    assert right == export.comparison.accuracy


@pytest.mark.real_data
def test_shipped_network_keeps_its_classes_in_eight_bits(
    in_keras: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_ARCHIVE", str(REAL_ARCHIVE))
    model = settings.PROJECT_DIR / "models" / "baseline" / "model.keras"
    target = tmp_path / FORMATS[COARSE].name_file("baseline")
    export = in_keras(in_keras_exports.export, str(model), COARSE, str(target), str(REAL_ARCHIVE))
    assert export.refusal == ""
    assert export.comparison.same_share > 0.997  # 99.84 % when it was written
    assert export.n_bytes < 600_000
    y_proba = predict_by_snippet(in_keras, COARSE, target)
    right = (y_proba.argmax(axis=1) == load_dataset().y_test).mean()
    assert right == export.comparison.accuracy


@pytest.mark.parametrize(
    ("kind", "damage"), [("onnx", 0.01), ("h5", 0.01), ("litert", 5.0), (COARSE, 0.0)]
)
def test_what_answers_differently_is_refused(
    in_keras: Callable[..., Any], model: str, tmp_path: Path, kind: str, damage: float
) -> None:
    """The last network is too unsure of its answers for eight bits, without any damage."""
    target, archive = str(tmp_path / "file"), str(settings.archive_dir())
    target += FORMATS[kind].ending
    export = in_keras(in_keras_exports.export, model, kind, target, archive, damage)
    assert f"{FORMATS[kind].title} is not written" in export.refusal
