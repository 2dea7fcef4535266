from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support import in_keras_networks as keras_checks
from tests.support import in_keras_training as run_checks
from tests.support.runs import HISTORY, STEPS, make_run


def test_no_augmentation_changes_nothing(in_keras) -> None:
    images = np.random.default_rng(0).integers(0, 256, (4, 28, 28, 1)).astype(np.float32)
    np.testing.assert_array_equal(in_keras(keras_checks.augment, "none", images, 0), images)


def test_flip_mirrors_about_half_of_the_images_and_nothing_else(in_keras) -> None:
    images = np.random.default_rng(0).integers(0, 256, (200, 28, 28, 1)).astype(np.float32)
    seen = in_keras(keras_checks.augment, "flip", images, 0)
    as_is = (seen == images).all(axis=(1, 2, 3))
    mirrored = (seen == images[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (as_is ^ mirrored).all()
    assert 60 < mirrored.sum() < 140


def test_shift_moves_whole_pixels_by_at_most_two_over_background(in_keras) -> None:
    images = np.zeros((200, 28, 28, 1), np.float32)
    images[:, 13, 14] = 255
    images[:, 0, 0] = 255
    seen = in_keras(keras_checks.augment, "flip_shift", images, 0)
    assert seen.shape == images.shape
    assert seen.dtype == np.float32
    assert set(np.unique(seen)) == {0.0, 255.0}
    _, y, x, _ = np.nonzero(seen[:, 9:19, 9:19])
    assert len(y) == 200
    moves_y = {int(move) for move in y + 9 - 13}
    centres = {int(place) for place in x + 9}
    assert moves_y == {-2, -1, 0, 1, 2}
    assert centres <= set(range(13 - 2, 14 + 3))


def test_seed_decides_the_augmentation(in_keras) -> None:
    images = np.random.default_rng(0).integers(0, 256, (32, 28, 28, 1)).astype(np.float32)
    first, same, other = (
        in_keras(keras_checks.augment, "flip_shift", images, seed) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("shape", [(20,), (20, 1)])
def test_smoothed_loss_is_that_of_keras(in_keras, share: float, shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    proba = rng.dirichlet(np.ones(10), 20).astype(np.float32)
    labels = rng.integers(0, 10, 20).astype(np.uint8).reshape(shape)
    ours, theirs = in_keras(keras_checks.smooth, share, labels, proba)
    assert ours == pytest.approx(theirs, rel=1e-6)


def test_network_adopts_the_average_and_training_goes_on_with_the_raw_weights(in_keras) -> None:
    weights = in_keras(keras_checks.average, True)
    for raw, after in zip(weights["raw"], weights["raw_after"], strict=True):
        np.testing.assert_array_equal(raw, after)
    assert any((a != b).any() for a, b in zip(weights["raw"], weights["adopted"], strict=True))
    for a, b in zip(weights["statistics"], weights["core_statistics"], strict=True):
        np.testing.assert_array_equal(a, b)
    # Before the first step the average is all zeros: it must not be adopted.
    for a, b in zip(weights["fresh"], weights["untouched"], strict=True):
        np.testing.assert_array_equal(a, b)


def test_without_averaging_the_network_adopts_the_raw_weights(in_keras) -> None:
    weights = in_keras(keras_checks.average, False)
    for raw, adopted in zip(weights["raw"], weights["adopted"], strict=True):
        np.testing.assert_array_equal(raw, adopted)


@pytest.mark.parametrize("network", ["baseline", "cnn"])
def test_fused_steps_are_those_of_keras(in_keras, network: str) -> None:
    ours = in_keras(keras_checks.take_steps, network, "float32", True)
    theirs = in_keras(keras_checks.take_steps, network, "float32", False)
    assert ours["losses"] == pytest.approx(theirs["losses"], rel=2e-3)
    for a, b in zip(ours["weights"], theirs["weights"], strict=True):
        # Adam moves each weight by up to the rate a step, whatever the gradient's size, so a
        # rounded gradient near zero may end a step away; hardly any does.
        assert np.mean(np.abs(a - b) > 2e-4) < 0.02


@pytest.mark.parametrize("side", [4, 7, 14])
def test_gradients_of_the_convolution_are_no_farther_off_than_those_of_keras(
    in_keras, side: int
) -> None:
    found = in_keras(keras_checks.differentiate_convolution, side)
    for ours, theirs, exact in zip(found["ours"], found["keras"], found["exact"], strict=True):
        assert ours.shape == theirs.shape == exact.shape
        assert np.abs(exact).max() > 0.1
        # Eight bits, or what Keras loses: without AVX512 it sums the filters' gradient in bfloat16.
        allowed = max(0.02 * np.abs(exact).max(), np.abs(theirs - exact).max())
        assert np.abs(ours - exact).max() <= allowed


def test_half_precision_learns_the_same_in_full_precision_variables(in_keras) -> None:
    full = in_keras(keras_checks.take_steps, "cnn", "float32", True)
    half = in_keras(keras_checks.take_steps, "cnn", "mixed_bfloat16", True)
    assert half["dtypes"] == {"float32"}
    assert half["losses"] == pytest.approx(full["losses"], rel=0.05)
    assert half["losses"] != full["losses"]


def test_erasing_fills_one_rectangle_of_about_half_of_the_images(in_keras) -> None:
    images = np.full((400, 28, 28, 1), 300, np.float32)  # brighter than any noise
    seen = in_keras(keras_checks.augment, "flip_erase", images, 0)[..., 0]
    erased = seen != 300
    share = erased.mean(axis=(1, 2))
    assert 140 < (share > 0).sum() < 260
    assert share[share > 0].min() > 0.01
    assert share.max() <= 0.45
    for mask in erased[share > 0]:
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        assert mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].all()
    assert seen[erased].std() > 50


def test_checkpoint_restores_every_variable_and_only_the_last_is_kept(
    in_keras, tmp_path: Path
) -> None:
    assert in_keras(keras_checks.checkpoint, str(tmp_path / "checkpoint"), None) == {
        "same": True, "epoch": 2, "seconds": 4.0, "fresh": 0,
        "files": ["epoch-0002.npz", "progress.json"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "damage",
    ["cut", "empty", "text", "gone", "other network", "progress cut", "progress empty",
     "progress outside"],
)  # fmt: skip
def test_checkpoint_that_can_not_be_used_is_told(in_keras, tmp_path: Path, damage: str) -> None:
    message = in_keras(keras_checks.checkpoint, str(tmp_path / "checkpoint"), damage)
    assert isinstance(message, str), "the damage was not noticed"
    assert "checkpoint" in message


def test_what_was_reported_after_the_checkpoint_is_dropped(in_keras, isolated: Path) -> None:
    run = make_run("lost")
    later = "9,1.5,2.2,0.3,0.001,900,1\n"
    (run.path / "steps.csv").write_text(STEPS + later + "10,1.6,")
    tables = in_keras(run_checks.forget, str(isolated), run.run_id, 1)
    assert tables == {"history.csv": HISTORY, "steps.csv": STEPS}
    tables = in_keras(run_checks.forget, str(isolated), run.run_id, 0)
    assert tables["history.csv"] == HISTORY.splitlines(keepends=True)[0]


@pytest.mark.parametrize("damage", ["step\n1\n", "\0\n", "step,epoch\n1,x\n"])
def test_damaged_curve_does_not_keep_a_run_from_going_on(
    in_keras, isolated: Path, damage: str
) -> None:
    run = make_run("lost")
    (run.path / "steps.csv").write_text(damage)
    tables = in_keras(run_checks.forget, str(isolated), run.run_id, 1)
    assert tables == {"history.csv": HISTORY, "steps.csv": STEPS.splitlines(keepends=True)[0]}
