"""Where a network finds evidence, with a network that looks at one corner."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fmnist.explain.occlusion import compute_occlusion
from tests.support.networks import CornerPool
from tests.support.runs import make_run


def test_evidence_lies_where_the_network_looks(isolated: Path) -> None:
    image = np.full((28, 28), 40, np.uint8)
    image[2:8, 2:8] = 250
    fall = compute_occlusion(CornerPool(), make_run("finished", "any"), image, 3)
    assert fall.shape == (28, 28)
    assert fall.dtype == np.float32
    assert fall[3:7, 3:7].min() > 0.1
    assert np.abs(fall[16:, 16:]).max() < 1e-6
    against = compute_occlusion(CornerPool(), make_run("finished", "other"), image, 0)
    np.testing.assert_allclose(against, -fall, atol=1e-6)


def test_blank_image_has_no_evidence(isolated: Path) -> None:
    run = make_run("finished", "any")
    fall = compute_occlusion(CornerPool(), run, np.zeros((28, 28), np.uint8), 3)
    assert not fall.any()


def test_difference_of_two_classes_is_that_of_their_maps(isolated: Path) -> None:
    run, image = make_run("finished", "any"), np.full((28, 28), 40, np.uint8)
    image[2:8, 2:8] = 250
    one, other = (compute_occlusion(CornerPool(), run, image, label) for label in (3, 0))
    both = compute_occlusion(CornerPool(), run, image, 3, 0)
    np.testing.assert_allclose(both, one - other, atol=1e-6)
