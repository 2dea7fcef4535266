"""Keras is configured by this application, not by the user's settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fmnist.settings import PROJECT_DIR

pytestmark = pytest.mark.processes

DESCRIBE = """
import json
import {first}
import keras
from fmnist.networks.build import build_network
from fmnist.runs import Recipe
network = build_network(Recipe("cnn"))
print(json.dumps({{
    "backend": keras.config.backend(),
    "floatx": keras.config.floatx(),
    "policy": keras.config.dtype_policy().name,
    "epsilon": keras.config.epsilon(),
    "layout": keras.config.image_data_format(),
    "parameters": network.count_params(),
    "stem": network.layers[2].output.shape[1:],
}}))
"""


def describe_under(home: Path, first: str, **variables: str) -> dict:
    """Describe the CNN in a process of a user whose home folder and environment are these."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("KERAS_")}
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE.format(first=first)],
        cwd=PROJECT_DIR, capture_output=True, text=True, timeout=120, check=False,
        env={**inherited, "HOME": str(home), "TF_CPP_MIN_LOG_LEVEL": "2", **variables},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


HOSTILE = {
    "floatx": "float16", "epsilon": 0.1, "backend": "torch", "image_data_format": "channels_first"
}  # fmt: skip
OURS = {
    "backend": "tensorflow", "floatx": "float32", "policy": "float32", "epsilon": 1e-7,
    "layout": "channels_last", "parameters": 1_170_130, "stem": [28, 28, 32],
}  # fmt: skip


def write_settings(folder: Path, settings: dict) -> Path:
    folder.mkdir(parents=True)
    (folder / "keras.json").write_text(json.dumps(settings))
    return folder


@pytest.mark.slow
def test_users_file_has_no_effect(tmp_path: Path) -> None:
    write_settings(tmp_path / ".keras", HOSTILE)
    assert describe_under(tmp_path, "fmnist.keras_worker.functions") == OURS


@pytest.mark.parametrize(
    ("first", "backend"), [("fmnist.training.loop", "torch"), ("fmnist.lr_range.process", "jax")]
)
@pytest.mark.slow
def test_users_environment_has_no_effect(tmp_path: Path, first: str, backend: str) -> None:
    folder = write_settings(tmp_path / "keras", {**HOSTILE, "floatx": "no such type"})
    variables = {
        "KERAS_HOME": str(folder), "KERAS_BACKEND": backend, "KERAS_MAX_STEPS_PER_EPOCH": "none"
    }  # fmt: skip
    assert describe_under(tmp_path, first, **variables) == OURS
    assert not (tmp_path / ".keras").exists()
