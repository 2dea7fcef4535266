"""Channels get similar ranges where a factor can pass, and no answer changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support import in_keras_exports

pytestmark = pytest.mark.slow


def test_channels_differ_less_and_answers_stay_the_same(in_keras: Callable[..., Any]) -> None:
    difference, spreads = in_keras(in_keras_exports.equalise)
    assert difference < 1e-5
    for name in ("stem", "sum", "hidden"):
        before, after = spreads[name]
        assert after < 0.5 * before, name
    before, after = spreads["curved"]  # no factor passes this activation
    assert after == pytest.approx(before, rel=1e-4)
