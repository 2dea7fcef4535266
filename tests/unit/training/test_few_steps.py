"""After few steps a network is validated as well as after many: no start left in its averages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fmnist.runs import Recipe, open_run
from tests.support import in_keras_few_steps as few_steps
from tests.support import in_keras_training as run_checks


@pytest.mark.parametrize(
    "network",
    ["baseline", *(pytest.param(name, marks=pytest.mark.slow) for name in ("cnn", "compact"))],
)
def test_statistics_are_those_of_the_batches(in_keras, network: str) -> None:
    recipe = Recipe(network, width=0.25)
    for own, of_batch in in_keras(few_steps.compare_modes, recipe.to_dict(), (1, 4)):
        assert np.ptp(of_batch, axis=0).max() > 0.05  # else nothing could differ
        np.testing.assert_allclose(own, of_batch, atol=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("batch_size", [16, 240])
def test_validation_lies_near_training_after_one_short_epoch(
    in_keras, tiny_archive: Path, tiny_cache: Path, isolated: Path, batch_size: int
) -> None:
    folders = (str(tiny_archive), str(tiny_cache), str(isolated))
    in_keras(run_checks.train_one, *folders, "short", network="cnn", epochs=1,
             batch_size=batch_size, augmentation="none", dropout=0.0, width=0.25)  # fmt: skip
    history = open_run("short").load_history()
    # An epoch's training accuracy is the mean over its steps; validation comes after the last.
    assert history["val_accuracy"][-1] > history["accuracy"][-1] - 0.1
    assert open_run("short").load_report().test["accuracy"] > history["accuracy"][-1] - 0.1


@pytest.mark.slow
def test_averaged_weights_are_validated_with_statistics_of_their_own(in_keras) -> None:
    recipe = Recipe(
        "compact", width=0.25, optimizer="sgd", learning_rate=0.5, schedule="constant",
        weight_decay=5e-4, augmentation="none", dropout=0.0, epochs=10,
    )  # fmt: skip
    found = in_keras(few_steps.compare_statistics, recipe.to_dict(), 60)
    own, of_batch = (np.mean(proba.argmax(axis=1) == np.arange(200) % 10) for proba in found)
    assert of_batch > 0.9
    assert own > of_batch - 0.1  # 0.665 with the statistics of the last steps alone


@pytest.mark.parametrize("steps", [1, 7])
def test_average_of_the_weights_has_no_bias_towards_the_first(in_keras, steps: int) -> None:
    weights, average, momentum = in_keras(few_steps.average_steps, 400, steps)
    assert momentum == pytest.approx(1 - 1 / 500)
    shares = momentum ** np.arange(steps)[::-1]
    expected = np.tensordot(shares / shares.sum(), np.stack(weights), axes=1)
    np.testing.assert_allclose(average, expected, rtol=1e-3, atol=1e-6)


def test_long_runs_keep_their_statistics_to_the_last_bit(in_keras) -> None:
    mean, variance = np.float32(0.3), np.float32(1.7)
    for corrected, given in zip(in_keras(few_steps.correct, mean, variance, 422), (mean, variance),
                                strict=True):  # fmt: skip
        np.testing.assert_array_equal(corrected, given)
    # After one step: a tenth of the batch's, nine tenths of the start's.
    mean, variance = in_keras(few_steps.correct, 0.1 * 5, 0.1 * 3 + 0.9, 1)
    np.testing.assert_allclose(mean, 5, rtol=1e-5)
    np.testing.assert_allclose(variance, 3, rtol=1e-5)
