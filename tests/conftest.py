"""Fixtures of all tests: separate folders, a small archive, runs trained on it."""

from __future__ import annotations

import functools
import gc
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import hypothesis
import numpy as np
import pytest

from tests.support import in_keras_training as run_checks
from tests.support.archives import REAL_ARCHIVE, write_idx

N_TINY_TRAIN, N_TINY_TEST = 600, 200

# On a busy machine a first example, which imports, takes longer than any useful deadline.
hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.load_profile("no deadline")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Shorten the part of a test's id that is a long value: each report carries the id.

    The upload that is too large made an id of 42 MB.
    """
    if isinstance(val, str | bytes) and len(val) > 60:
        return f"{val[:16]!a}... ({len(val)})"
    return None


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among the modules and tests, which stay.

    Measured on the tests of five pages: a tenth of the processor time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start processes, group what shares one, skip what lacks the data set.

    Under pytest-xdist (``--dist loadgroup``) a group runs in one worker: TensorFlow is imported,
    the shared runs are trained, and the server of most browser tests is started once. The browser
    tests that end their server, or train in it for long, are a group beside these; so are the
    tests that kill trainings, which load both cores.
    """
    reason = "the real data set is neither in FMNIST_ARCHIVE nor in archive/"
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"in_keras", "trained", "project"}:
            item.add_marker(pytest.mark.processes)
        if "torture" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("torture"))
        elif fixtures & {"in_keras", "trained"}:
            item.add_marker(pytest.mark.xdist_group("keras"))
        elif "jax_python" in fixtures:  # an environment of its own, made once
            item.add_marker(pytest.mark.xdist_group("jax"))
        elif "browser" in item.path.parts:
            # Each heavy training is in the second group: no two of them run at a time.
            is_alone = fixtures & {"own_server", "class_server", "proxied"}
            item.add_marker(pytest.mark.xdist_group("servers" if is_alone else "browser"))
        if REAL_ARCHIVE is None and item.get_closest_marker("real_data"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", autouse=True)
def scan_components_once() -> None:
    """Search the installed packages for components once, not in each test that runs a page.

    AppTest does so whenever it opens one: half of the time of these tests (profiled).
    """
    if "streamlit.testing" in sys.modules:  # imported by a module with such tests
        from streamlit.components.v2 import manifest_scanner

        scan = functools.cache(manifest_scanner.scan_component_manifests)
        manifest_scanner.scan_component_manifests = scan


@pytest.fixture(scope="session")
def tiny_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four IDX files whose classes a network can learn: bars on noise."""
    folder = tmp_path_factory.mktemp("tiny-archive")
    rng = np.random.default_rng(0)
    arrays = {}
    for split, count in (("train", N_TINY_TRAIN), ("test", N_TINY_TEST)):
        labels = (np.arange(count) % 10).astype(np.uint8)
        images = rng.integers(0, 120, (count, 28, 28), np.uint8)
        for image, label in zip(images, labels.tolist(), strict=True):
            image[4 + 2 * label : 6 + 2 * label, 4:24] += 100
        arrays |= {f"x_{split}": images, f"y_{split}": labels}
    write_idx(folder, arrays)
    return folder


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is the same for all processes of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def tiny_cache(shared_folder: Path) -> Path:
    """One cache for all tests that read the tiny archive or the demo set: it is drawn once."""
    folder = shared_folder / "tiny-cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture
def isolated(
    tmp_path: Path, tiny_archive: Path, tiny_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Use the tiny archive and an empty models folder, which is returned; no network."""
    models = tmp_path / "models"
    models.mkdir()
    monkeypatch.setenv("FMNIST_ARCHIVE", str(tiny_archive))
    monkeypatch.setenv("FMNIST_CACHE", str(tiny_cache))
    monkeypatch.setenv("FMNIST_MODELS", str(models))
    monkeypatch.setenv("FMNIST_OFFLINE", "1")
    return models


@pytest.fixture(scope="session")
def in_keras() -> Iterator[Callable[..., Any]]:
    """Run a function of a ``tests.support.in_keras_…`` module in the one process with TensorFlow.

    The tests' own process never imports it, as the web process does not; it is imported once.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        # A spawned process runs its parent's main module first, which is app.py after an AppTest.
        with mock.patch.dict(sys.modules, __main__=ModuleType("__main__")):
            pool.submit(os.getpid).result()
        yield lambda function, *given, **named: pool.submit(function, *given, **named).result(300)


@pytest.fixture(scope="session")
def trained(
    in_keras: Callable[..., Any],
    tiny_archive: Path,
    tiny_cache: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A models folder with the runs of ``run_checks.train_runs``."""
    models = tmp_path_factory.mktemp("trained-models")
    in_keras(run_checks.train_runs, str(tiny_archive), str(tiny_cache), str(models))
    return models
