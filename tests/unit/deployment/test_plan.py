from __future__ import annotations

import pytest

from fmnist.deployment.plan import choose_name, find_image, parse_role
from fmnist.errors import DeploymentError
from tests.support.aws import make_plan


@pytest.mark.parametrize(
    ("run_id", "given", "name"),
    [
        ("cnn", None, "fashion-mnist-cnn"),
        ("cnn_2026.1-", None, "fashion-mnist-cnn-2026-1"),
        ("cnn", "mine", "mine"),
    ],
)
def test_endpoint_is_named_after_the_run(run_id: str, given: str | None, name: str) -> None:
    assert choose_name(run_id, given) == name


@pytest.mark.parametrize("given", ["-x", "a_b", "a" * 64])
def test_a_name_that_sagemaker_refuses_is_refused_before(given: str) -> None:
    with pytest.raises(DeploymentError, match="--name"):
        choose_name("cnn", given)


def test_role_is_read() -> None:
    assert parse_role("arn:aws:iam::123456789012:role/service-role/Sage.Maker-1") == (
        "123456789012", "Sage.Maker-1",
    )  # fmt: skip


@pytest.mark.parametrize(
    "role", ["SageMaker", "arn:aws:iam::12:role/x", "arn:aws:iam::123456789012:user/x"]
)
def test_what_is_no_role_is_refused(role: str) -> None:
    with pytest.raises(DeploymentError, match="list-roles"):
        parse_role(role)


def test_container_is_that_of_the_region() -> None:
    assert find_image("us-east-1").startswith("683313688378.dkr.ecr.us-east-1.amazonaws.com/")
    with pytest.raises(DeploymentError, match="--image"):
        find_image("mars-1")


def test_price_says_of_when_it_is() -> None:
    assert "2024" in make_plan().price
    assert "unknown for ml.x" in make_plan(instance="ml.x").price
