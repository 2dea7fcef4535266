from __future__ import annotations

from collections.abc import Iterator

import pytest

from fmnist.deployment.aws import Clients
from tests.support.aws import use_empty_account


@pytest.fixture
def clients() -> Iterator[Clients]:
    with use_empty_account() as clients:
        yield clients
