"""A normalisation after a pooling moves into the convolution, and no answer changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support import in_keras_exports

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("sign", "left"), [(1.0, 0), (-1.0, 1)])
@pytest.mark.parametrize("bias", [True, False])
def test_answers_stay_the_same(
    in_keras: Callable[..., Any], sign: float, left: int, bias: bool
) -> None:
    """A negative factor would make the maximum a minimum: that normalisation stays."""
    difference, found = in_keras(in_keras_exports.fold, sign, bias)
    assert found == left
    assert difference < 1e-6
