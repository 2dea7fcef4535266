"""Model files that are not ours, made and loaded in the process with Keras."""

from __future__ import annotations

import io
import json
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any


def save_ours(path: str, network: str = "baseline", width: float = 0.25) -> None:
    """Save an untrained network of ours."""
    from dataclasses import replace

    from fmnist.networks import find_network
    from fmnist.networks.build import build_network

    build_network(replace(find_network(network).recipe, width=width)).save(path)


def save_foreign(path: str, kind: str) -> None:
    """Save a network that Keras would load, and that none of ours is."""
    import keras
    import numpy as np

    classes = 3 if kind == "three classes" else 10
    size = 32 if kind == "other pixels" else 28
    inputs = keras.Input((size, size, 1))
    x = keras.layers.Flatten()(inputs)
    if kind == "lambda":
        x = keras.layers.Lambda(lambda x: x)(x)
    if kind == "other layer":
        x = keras.layers.GaussianNoise(0.1)(x)
    if kind == "many layers":
        for _ in range(400):
            x = keras.layers.ReLU()(x)
    activation = "linear" if kind == "no probabilities" else "softmax"
    model = keras.Model(inputs, keras.layers.Dense(classes, activation=activation)(x))
    if kind == "NaN":
        model.layers[-1].set_weights([np.full((784, 10), np.nan), np.zeros(10)])
    model.save(path)


def load(path: str) -> tuple[str, float]:
    """Load a network; return the error, if any, and by how many MB the memory has grown."""
    from fmnist.errors import InferenceError
    from fmnist.networks.load import load_network

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        load_network(path)
        error = ""
    except InferenceError as caught:
        error = str(caught)
    return error, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def change_config(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the description inside a model file."""

    def rewrite_config(data: bytes) -> bytes:
        config = json.loads(data)
        change(config)
        return json.dumps(config).encode()

    rewrite(path, {"config.json": rewrite_config})


def rewrite(path: Path, changes: dict[str, Callable[[bytes], bytes]]) -> None:
    """Replace members of a zip."""
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    for name, change in changes.items():
        members[name] = change(members[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)


def build_weights(kind: str) -> bytes:
    """Return an HDF5 file that asks for more than it holds, or for another file."""
    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        match kind:
            case "huge":
                file.create_dataset("x", (10**9,), "f4", chunks=(10**6,), compression="gzip")
            case "link":
                file["x"] = h5py.ExternalLink("/etc/hostname", "/")
            case "external":
                file.create_dataset("x", (4,), "f4", external=[("/etc/hostname", 0, 16)])
            case "text":
                file["x"] = "text"
    return buffer.getvalue()
