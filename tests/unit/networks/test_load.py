"""Which model files are loaded; what is not ours is refused, mostly before it is built."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fmnist import settings
from fmnist.errors import InferenceError
from fmnist.networks import NETWORKS
from fmnist.networks.model_file import load_config
from fmnist.runs.recipe import CUSTOM
from tests.support import in_keras_models as models


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.keras"


@pytest.mark.parametrize(
    "network",
    [
        "cnn",
        *(
            pytest.param(each, marks=pytest.mark.slow)
            for each in (*NETWORKS, CUSTOM)
            if each != "cnn"
        ),
    ],
)
def test_ours_are_loaded(in_keras: Callable[..., Any], path: Path, network: str) -> None:
    in_keras(models.save_ours, str(path), network)
    assert in_keras(models.load, str(path))[0] == ""


@pytest.mark.slow
def test_widest_of_ours_keeps_within_the_limits(in_keras: Callable[..., Any], path: Path) -> None:
    """88 million parameters: 400 MB, and what Keras needs to load them."""
    in_keras(models.save_ours, str(path), "record", 4.0)
    assert in_keras(models.load, str(path))[0] == ""


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("three classes", "not 28×28 pixels to ten classes"),
        ("other pixels", "not 28×28 pixels to ten classes"),
        ("NaN", "aren't probabilities"),
        ("no probabilities", "aren't probabilities"),
        ("lambda", "'Lambda'"),
        ("other layer", "'GaussianNoise'"),
        ("many layers", "403 layers"),
    ],
)
def test_network_that_is_not_ours_is_refused(
    in_keras: Callable[..., Any], path: Path, kind: str, reason: str
) -> None:
    in_keras(models.save_foreign, str(path), kind)
    error, _ = in_keras(models.load, str(path))
    assert error.startswith(f"{path} is not used: ")
    assert reason in error


def widen(config: dict[str, Any]) -> None:
    for layer in config["config"]["layers"]:
        layer.pop("build_config", None)
        if layer["class_name"] == "Dense" and layer["config"]["units"] != 10:
            layer["config"]["units"] = 2_000_000


@pytest.mark.parametrize("network", ["baseline", "cnn"])
def test_layer_of_two_million_units_is_refused_before_it_is_built(
    in_keras: Callable[..., Any], path: Path, network: str
) -> None:
    in_keras(models.save_ours, str(path), network)
    models.change_config(path, widen)
    error, grown = in_keras(models.load, str(path))
    assert "parameters; at most 100,000,000 are allowed" in error
    assert grown < 100
    in_keras(models.save_ours, str(path))  # nothing of it is left to be created later
    error, grown = in_keras(models.load, str(path))
    assert error == ""
    assert grown < 100


def test_layer_with_a_large_output_is_refused(in_keras: Callable[..., Any], path: Path) -> None:
    def deepen(config: dict[str, Any]) -> None:
        for layer in config["config"]["layers"]:
            layer.pop("build_config", None)
            if layer["class_name"] == "Conv2D":
                layer["config"]["filters"] = 1000

    in_keras(models.save_ours, str(path), "cnn")
    models.change_config(path, deepen)
    assert "returns 784,000 numbers for an image" in in_keras(models.load, str(path))[0]


@pytest.mark.slow
def test_description_of_gigabytes_is_refused_unread(
    in_keras: Callable[..., Any], path: Path
) -> None:
    in_keras(models.save_ours, str(path))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("model.weights.h5", b"")
        with packed.open("config.json", "w", force_zip64=True) as member:
            for _ in range(30):
                member.write(b" " * 50_000_000)
    error, grown = in_keras(models.load, str(path))
    assert "its description has 1,500,000,000 bytes" in error
    assert grown < 50


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("huge", "holds 1,000,000,000 weights"),
        ("link", "link to another place"),
        ("external", "lie in another file"),
        ("text", "its weights are"),
    ],
)
def test_weights_that_are_not_what_they_seem_are_refused(
    in_keras: Callable[..., Any], path: Path, kind: str, reason: str
) -> None:
    in_keras(models.save_ours, str(path))
    weights = in_keras(models.build_weights, kind)
    models.rewrite(path, {"model.weights.h5": lambda _: weights})
    error, grown = in_keras(models.load, str(path))
    assert reason in error
    assert grown < 50


@pytest.mark.parametrize(
    "config",
    [
        b"[" * 200_000, b"[]", b"{}", b"\xff", b"null", b'{"class_name": "Functional"}',
        b'{"class_name": ["Functional"]}', b'{"class_name": "Functional", "module": "os"}',
        b'{"class_name": "Functional", "registered_name": "mine>Functional"}',
        b'{"class_name": "Functional", "config": {"layers": [{"class_name": "__lambda__"}]}}',
        b'{"class_name": "Functional", "config": {"layers": 3}}',
        b'{"class_name": "Functional", "config": []}',
    ],
)  # fmt: skip
def test_any_description_is_loaded_or_refused_in_words(
    in_keras: Callable[..., Any], path: Path, config: bytes
) -> None:
    in_keras(models.save_ours, str(path))
    models.rewrite(path, {"config.json": lambda _: config})
    assert str(path) in in_keras(models.load, str(path))[0]


def test_limits_are_checked_without_keras(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAX_MODEL_PARAMETERS", 10)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("config.json", "{}")
        packed.writestr("model.weights.h5", bytes(5_000_000))
    with pytest.raises(InferenceError, match="unpacks to 5,000,002 bytes"):
        load_config(str(path))
