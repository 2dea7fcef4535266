"""A failure in any step leaves nothing behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from fmnist.deployment import creation
from fmnist.deployment.aws import Clients
from fmnist.deployment.creation import create_endpoint
from fmnist.deployment.removal import delete_deployment
from fmnist.errors import DeploymentError
from tests.support.aws import (
    BUCKET,
    ROLE,
    answer,
    list_everything,
    lose_answer,
    make_plan,
    refuse_call,
)

STEPS = (
    ("s3", "CreateBucket"),
    ("s3", "PutBucketTagging"),
    ("s3", "PutObject"),
    ("sagemaker", "CreateModel"),
    ("sagemaker", "CreateEndpointConfig"),
    ("sagemaker", "CreateEndpoint"),
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "model.tar.gz"
    path.write_bytes(b"archive")
    return path


def create(clients: Clients, archive: Path, **changes: Any) -> list[str]:
    lines: list[str] = []
    create_endpoint(clients, make_plan(**changes), archive, lines.append, poll_seconds=0)
    return lines


def test_everything_is_created_and_deleted(clients: Clients, archive: Path) -> None:
    create(clients, archive)
    assert clients.s3.get_object(Bucket=BUCKET, Key="fashion-mnist-cnn/model.tar.gz")[
        "Body"
    ].read() == b"archive"  # fmt: skip
    container = clients.sagemaker.describe_model(ModelName="fashion-mnist-cnn")["PrimaryContainer"]
    assert container["Environment"]["SAGEMAKER_PROGRAM"] == "inference.py"
    clients.logs.create_log_group(logGroupName="/aws/sagemaker/Endpoints/fashion-mnist-cnn")
    lines: list[str] = []
    delete_deployment(clients, "fashion-mnist-cnn", BUCKET, lines.append, poll_seconds=0)
    assert len(lines) == 6
    assert list_everything(clients) == []


def test_a_container_of_ones_own_runs_its_own_code(clients: Clients, archive: Path) -> None:
    create(clients, archive, is_prebuilt=False, image="123456789012.dkr.ecr.x.amazonaws.com/mine")
    container = clients.sagemaker.describe_model(ModelName="fashion-mnist-cnn")["PrimaryContainer"]
    assert not container.get("Environment")


@pytest.mark.parametrize(("service", "operation"), STEPS)
def test_a_refused_step_leaves_nothing(
    clients: Clients, archive: Path, service: str, operation: str
) -> None:
    answer(getattr(clients, service), operation, refuse_call("AccessDenied", operation=operation))
    with pytest.raises(DeploymentError, match=f"AWS refused {operation}: No. Ask the admin"):
        create(clients, archive)
    assert list_everything(clients) == []


@pytest.mark.parametrize(("service", "operation"), STEPS)
def test_a_step_whose_answer_is_lost_leaves_nothing(
    clients: Clients, archive: Path, service: str, operation: str
) -> None:
    lose_answer(getattr(clients, service), operation, ReadTimeoutError(endpoint_url="x"))
    with pytest.raises(DeploymentError, match="Check the region"):
        create(clients, archive)
    assert list_everything(clients) == []


@pytest.mark.parametrize(("service", "operation"), STEPS)
def test_a_step_that_boto_tried_twice_leaves_nothing(
    clients: Clients, archive: Path, service: str, operation: str
) -> None:
    """The first try succeeded, its answer was lost, and the second one found the name in use."""
    error = {"Error": {"Code": "InUse"}, "ResponseMetadata": {"RetryAttempts": 1}}
    lose_answer(getattr(clients, service), operation, ClientError(error, operation))
    with pytest.raises(DeploymentError):
        create(clients, archive)
    assert list_everything(clients) == []


def test_what_somebody_else_created_meanwhile_stays(clients: Clients, archive: Path) -> None:
    clients.sagemaker.create_model(ModelName="fashion-mnist-cnn", ExecutionRoleArn=ROLE)
    answer(clients.sagemaker, "CreateModel", refuse_call("ValidationException"))
    with pytest.raises(DeploymentError):
        create(clients, archive)
    assert list_everything(clients) == ["fashion-mnist-cnn"]


def test_a_bucket_that_was_there_stays(clients: Clients, archive: Path) -> None:
    place = {"LocationConstraint": clients.region}
    clients.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    answer(clients.sagemaker, "CreateEndpoint", refuse_call("ValidationException"))
    with pytest.raises(DeploymentError):
        create(clients, archive, creates_bucket=False)
    assert list_everything(clients) == [BUCKET]


def test_an_endpoint_that_does_not_start_leaves_nothing(clients: Clients, archive: Path) -> None:
    states = iter(["Creating", "Failed", "Failed"])
    asked: list[str] = []

    def describe(_: dict[str, Any]) -> dict[str, Any]:
        if (state := next(states, None)) is None:
            refuse_call("ValidationException", "Could not find endpoint")({})
        asked.append(str(state))
        return {"EndpointStatus": state, "FailureReason": "No health."}

    answer(clients.sagemaker, "DescribeEndpoint", describe)
    with pytest.raises(DeploymentError, match=r"did not start: No health\. Its log"):
        create(clients, archive)
    assert asked == ["Creating", "Failed", "Failed"]
    assert list_everything(clients) == []


def test_an_endpoint_that_takes_too_long_leaves_nothing(
    clients: Clients, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(creation, "START_SECONDS", -1.0)
    with pytest.raises(DeploymentError, match="did not start within"):
        create(clients, archive)
    assert list_everything(clients) == []


def test_ctrl_c_leaves_nothing_though_an_endpoint_can_not_be_deleted_while_it_starts(
    clients: Clients, archive: Path
) -> None:
    states = iter(["interrupt", "Creating", "InService"])

    def describe(_: dict[str, Any]) -> dict[str, Any]:
        state = next(states, None)
        if state == "interrupt":
            raise KeyboardInterrupt
        if state is None:
            refuse_call("ValidationException", "Could not find endpoint")({})
        return {"EndpointStatus": state}

    answer(clients.sagemaker, "DescribeEndpoint", describe)
    with pytest.raises(KeyboardInterrupt):
        create(clients, archive)
    assert list_everything(clients) == []


def test_ctrl_c_while_it_is_deleted_names_what_is_left(clients: Clients, archive: Path) -> None:
    def interrupt(_: dict[str, Any]) -> dict[str, Any]:
        raise KeyboardInterrupt

    answer(clients.sagemaker, "DescribeEndpoint", interrupt)
    with pytest.raises(
        DeploymentError, match=r"^Interrupted\. These are left: endpoint, .*bucket\."
    ):
        create(clients, archive)


def test_what_can_not_be_deleted_is_named(clients: Clients, archive: Path) -> None:
    answer(clients.sagemaker, "CreateEndpoint", refuse_call("ValidationException"))
    answer(clients.sagemaker, "DeleteModel", refuse_call("AccessDeniedException"))
    with pytest.raises(DeploymentError, match=r"left: model\. Delete them: .*deploy delete"):
        create(clients, archive)
    # All that does not depend on it is deleted all the same.
    assert list_everything(clients) == ["fashion-mnist-cnn"]
