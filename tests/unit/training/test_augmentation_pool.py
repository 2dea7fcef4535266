"""Domain augmentation in processes gives the batches that it gives without them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from fmnist import settings
from fmnist.runs import RunState, open_run
from fmnist.training.domain_augmentation import augment_batch
from fmnist.training.domain_augmentation.augmentation_pool import AugmentationPool
from tests.support import in_keras_training as run_checks

pytestmark = pytest.mark.processes

IMAGES = np.random.default_rng(0).integers(0, 256, (8, 28, 28), np.uint8)
LABELS = np.arange(8, dtype=np.uint8)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[AugmentationPool]:
    monkeypatch.setattr(settings, "count_cores", lambda: 2)
    pool = AugmentationPool()
    yield pool
    pool.close()


def expect(seed: list[int]) -> tuple[np.ndarray, np.ndarray]:
    return augment_batch(IMAGES, LABELS, np.random.default_rng(seed))


def test_each_batch_is_that_of_its_seed_whichever_process_makes_it(pool: AugmentationPool) -> None:
    assert pool.count == 2
    seeds = [[0, 3, index] for index in range(6)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda seed: pool.augment(IMAGES, LABELS, seed), seeds))
    for seed, (images, labels) in zip(seeds, found, strict=True):
        meant, marked = expect(seed)
        np.testing.assert_array_equal(images, meant)
        np.testing.assert_array_equal(labels, marked)
        assert (images.dtype, labels.dtype) == (np.uint8, np.int8)


def test_batch_of_a_process_that_is_killed_is_augmented_here(pool: AugmentationPool) -> None:
    processes = [psutil.Process(worker.pid) for worker in pool._workers]
    for process in processes:
        process.kill()
    images, _ = pool.augment(IMAGES, LABELS, [1, 2, 3])
    np.testing.assert_array_equal(images, expect([1, 2, 3])[0])


def test_processes_end_with_the_pool(pool: AugmentationPool) -> None:
    processes = [psutil.Process(worker.pid) for worker in pool._workers]
    pool.close()
    for process in processes:
        assert process.wait(30) in (-9, None)


@pytest.mark.slow
def test_run_is_fed_by_processes_that_end_with_it(
    in_keras, tiny_archive: Path, tiny_cache: Path, isolated: Path
) -> None:
    folders = map(str, (tiny_archive, tiny_cache, isolated))
    changes = {"augmentation": "outside", "epochs": 1, "train_share": 0.2}
    in_keras(run_checks.train_one, *folders, "fed", **changes)
    assert open_run("fed").load_state() is RunState.FINISHED
    children = psutil.Process().children(recursive=True)
    assert not [c for c in children if "fmnist.training.domain_augmentation" in c.cmdline()]
