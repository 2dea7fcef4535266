"""The Keras worker: started when asked, and ended when idle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import psutil
import pytest

from fmnist import settings
from fmnist.errors import FmnistError
from fmnist.keras_worker import attribute_pixels, client, convert_model
from fmnist.settings import PROJECT_DIR

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("keras")]

A_PICTURE = np.full((1, 28, 28), 9, np.uint8)


def test_worker_answers_and_ends_when_it_is_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "KERAS_IDLE_SECONDS", 0.0)
    process = psutil.Process(client._KERAS.process.start().pid)
    path = PROJECT_DIR / "models" / "baseline" / "model.keras"
    evidence, _ = attribute_pixels(path, A_PICTURE, "gradient", np.array([0]))
    assert evidence.shape == (1, 28, 28)
    assert process.wait(60) in (-9, None)


def test_damaged_model_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_text("no network")
    with pytest.raises(FmnistError, match=f"{path} is damaged"):
        convert_model(path)
