from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest

from fmnist.deployment.aws import Clients
from fmnist.settings import PROJECT_DIR
from tests.support.aws import (
    answer,
    create_role,
    grant_quota,
    simulate,
    trust,
    use_empty_account,
)


@pytest.fixture
def clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    """Of an account in which everything is granted; the command uses these very ones."""
    monkeypatch.setenv("FMNIST_MODELS", str(PROJECT_DIR / "models"))
    with use_empty_account() as clients:
        create_role(clients, trust("sagemaker.amazonaws.com"))
        answer(clients.iam, "SimulatePrincipalPolicy", simulate())
        answer(clients.quotas, "ListServiceQuotas", grant_quota(1))
        with mock.patch("fmnist.commands.deploy.connect", lambda _: clients):
            yield clients
