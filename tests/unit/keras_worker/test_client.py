"""The Keras worker: started when asked, and ended when idle."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from fmnist import settings
from fmnist.errors import FmnistError
from fmnist.keras_worker import client, export_model
from fmnist.settings import PROJECT_DIR

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("keras")]


def test_model_is_exported_and_the_worker_ends_when_it_is_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "KERAS_IDLE_SECONDS", 0.0)
    process = psutil.Process(client._KERAS.process.start().pid)
    exported = export_model(PROJECT_DIR / "models" / "baseline" / "model.keras", ".h5")
    assert exported.startswith(b"\x89HDF")
    assert process.wait(60) in (-9, None)


def test_damaged_model_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_text("no network")
    with pytest.raises(FmnistError, match=f"{path} is damaged"):
        export_model(path, ".h5")
