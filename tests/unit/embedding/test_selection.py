from __future__ import annotations

import numpy as np

from fmnist.embedding.selection import find_enclosed, find_in_box

POSITIONS = np.array([[1, 1], [3, 1], [2, 2.5], [5, 1], [2, 4]], np.float32)


def test_a_lasso_takes_what_it_encloses() -> None:
    triangle = np.array([0.0, 4.0, 2.0]), np.array([0.0, 0.0, 3.0])
    assert find_enclosed(POSITIONS, *triangle).tolist() == [True, True, True, False, False]
    # Whichever way round, and if the last corner repeats the first.
    turned = [np.append(values[::-1], values[-1]) for values in triangle]
    assert find_enclosed(POSITIONS, *turned).tolist() == [True, True, True, False, False]


def test_a_notch_is_outside() -> None:
    xs, ys = np.array([0.0, 4.0, 4.0, 2.0, 0.0]), np.array([0.0, 0.0, 5.0, 2.0, 5.0])
    assert find_enclosed(POSITIONS, xs, ys).tolist() == [True, True, False, False, False]


def test_a_box_takes_what_lies_between_its_corners() -> None:
    found = find_in_box(POSITIONS, np.array([3.0, 1.0]), np.array([2.5, 0.5]))
    assert found.tolist() == [True, True, True, False, False]
