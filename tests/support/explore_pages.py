"""A small archive with planted facts, for the tests of the three data pages."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from streamlit.testing.v1 import AppTest

from fmnist.settings import PROJECT_DIR

N_TRAIN, N_TEST = 300, 60
TWIN_TRAIN_ROW, TWIN_TEST_ROW = 21, 11
"""Rows of a training and a test image (both T-shirt/top) that are identical."""


def build_images() -> dict[str, np.ndarray]:
    """Noise on a square whose size and brightness depend on the class; labels go 0…9, 0…9, …"""
    rng = np.random.default_rng(7)
    arrays = {}
    for split, count in (("train", N_TRAIN), ("test", N_TEST)):
        y = (np.arange(count) % 10).astype(np.uint8)
        x = np.zeros((count, 28, 28), dtype=np.uint8)
        for image, label in zip(x, y.tolist(), strict=True):
            edge = 3 + label // 2
            side = 28 - 2 * edge
            image[edge:-edge, edge:-edge] = rng.integers(
                20 + 10 * label, 160 + 9 * label, (side,) * 2
            )
        arrays[f"x_{split}"], arrays[f"y_{split}"] = x, y
    arrays["x_test"][TWIN_TEST_ROW - 1] = arrays["x_train"][TWIN_TRAIN_ROW - 1]
    return arrays


def write_archive(folder: Path) -> None:
    """Write the four IDX files."""
    for name, array in build_images().items():
        kind, split = name.split("_")
        prefix = "train" if split == "train" else "t10k"
        suffix = "images-idx3-ubyte" if kind == "x" else "labels-idx1-ubyte"
        header = struct.pack(f">{1 + array.ndim}I", 0x0800 + array.ndim, *array.shape)
        (folder / f"{prefix}-{suffix}").write_bytes(header + array.tobytes())


def use_archive(monkeypatch, archive: Path, cache: Path) -> None:
    """Point the program to a folder during a test, and keep it offline."""
    monkeypatch.setenv("FMNIST_ARCHIVE", str(archive))
    monkeypatch.setenv("FMNIST_CACHE", str(cache))
    monkeypatch.setenv("FMNIST_OFFLINE", "1")


def open_alone(script: str, **query: str) -> AppTest:
    """Run one page as its own program, with a query in the URL (``class_`` is ``class``)."""
    app = AppTest.from_file(PROJECT_DIR / script, default_timeout=30)
    for name, value in query.items():
        app.query_params[name.rstrip("_")] = value
    return app.run()


def open_through_router(page: str) -> AppTest:
    """Run the whole program and go to one page."""
    app = AppTest.from_file(PROJECT_DIR / "app.py", default_timeout=30).run()
    return app.switch_page(page).run()


def read_texts(app) -> str:
    """Join the captions and messages of a page."""
    return "\n".join(element.value for element in [*app.caption, *app.error, *app.info])


def read_metrics(app) -> dict[str, str]:
    """Map the labels of a page's metrics to their values."""
    return {metric.label: metric.value for metric in app.metric}
