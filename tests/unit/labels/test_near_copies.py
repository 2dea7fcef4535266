"""Planted copies, shifts and noise are found, and come first."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist.labels.near_copies import (
    SHIFTS,
    NearCopies,
    find_leaked_rows,
    find_near_copies,
    shift_images,
)
from fmnist.labels.neighbours import find_neighbours


def draw_garments(n: int, seed: int = 0) -> np.ndarray:
    """Return smooth images with an empty border, no two alike: uint8 (n, 28, 28)."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (n, 6, 6)).astype(np.uint8)
    images = np.zeros((n, 28, 28), np.uint8)
    images[:, 2:26, 2:26] = np.repeat(np.repeat(coarse, 4, axis=1), 4, axis=2)
    return images


def test_copies_and_one_pixel_shifts_are_found_with_their_shift() -> None:
    images = draw_garments(300)
    images[200] = images[7]
    images[210] = np.clip(images[8].astype(int) + 3, 0, 255)  # nearly a copy
    moves = {220: (1, 0), 221: (0, -1), 222: (1, 1), 223: (-1, 1), 224: (-1, -1)}
    for place, (row, move) in enumerate(moves.items()):
        images[row] = shift_images(images[[20 + place]], *move)[0]
    found = find_near_copies(images)
    pairs = {tuple(sorted(pair)) for pair in found.pairs.tolist()}
    assert pairs == {(7, 200), (8, 210), *((20 + i, row) for i, row in enumerate(moves))}
    by_pair = {
        tuple(pair): tuple(shift)
        for pair, shift in zip(found.pairs.tolist(), found.shifts.tolist(), strict=True)
    }
    for place, (row, (down, right)) in enumerate(moves.items()):
        expected = {(20 + place, row): (down, right), (row, 20 + place): (-down, -right)}
        assert any(by_pair.get(pair) == shift for pair, shift in expected.items())
    assert found.differences[0] == 0
    assert (np.diff(found.differences) >= 0).all()


@pytest.mark.parametrize("move", SHIFTS[1:])
def test_a_shift_is_found_though_a_part_left_the_image(move: tuple[int, int]) -> None:
    images = np.random.default_rng(2).integers(100, 256, (60, 28, 28)).astype(np.uint8)
    images[50] = shift_images(images[[3]], *move)[0]
    found = find_near_copies(images)
    assert found.pairs.tolist() == [[3, 50]]
    assert (tuple(found.shifts[0]), found.differences[0]) == (move, 0)


def test_images_that_are_not_alike_make_no_pair() -> None:
    assert len(find_near_copies(draw_garments(200, seed=1)).pairs) == 0


@pytest.mark.parametrize("move", [(0, 1), (1, -1), (-1, 0)])
def test_shift_lets_zeros_in(move: tuple[int, int]) -> None:
    images = np.full((2, 28, 28), 9, np.uint8)
    moved = shift_images(images, *move)
    n_empty = 28 * 28 - (28 - abs(move[0])) * (28 - abs(move[1]))
    assert (moved == 0).sum(axis=(1, 2)).tolist() == [n_empty] * 2


def test_noise_is_the_most_unusual_and_neighbours_are_those_of_the_copy() -> None:
    rng = np.random.default_rng(3)
    kinds = draw_garments(5)
    which = rng.integers(0, 5, 400)
    x = np.clip(kinds[which].astype(int) + rng.integers(-8, 9, (400, 28, 28)), 0, 255)
    x = x.astype(np.uint8)
    noisy = [*range(50, 65), 350]  # more than there are neighbours: they are each other's
    x[noisy] = rng.integers(0, 256, (16, 28, 28))
    rows, distances = find_neighbours(x[:300], x[300:])
    assert rows.shape == (400, 10)
    assert sorted(np.argsort(-distances)[:16].tolist()) == noisy
    expected = np.sqrt(((x[rows[7]].astype(float) - x[7]) ** 2).mean(axis=(1, 2))).mean()
    assert distances[7] == pytest.approx(expected, rel=1e-5)
    sound = np.setdiff1d(np.arange(400), noisy)
    assert (which[rows[sound]] == which[sound][:, None]).mean() > 0.99
    assert not (rows[:300] == np.arange(300)[:, None]).any()


def test_leaked_rows_are_those_of_the_test_set() -> None:
    found = NearCopies(
        np.array([[1, 12], [14, 3], [2, 3], [11, 13], [4, 12]]), np.zeros((5, 2), int), np.zeros(5)
    )
    assert find_leaked_rows(found, 10).tolist() == [2, 4]
