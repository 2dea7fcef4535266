"""Amazon Web Services in this process: moto, and custom responses for what it lacks."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from moto import mock_aws

from fmnist.deployment.aws import Clients, connect
from fmnist.deployment.plan import Plan, find_image

REGION = "eu-central-1"
ACCOUNT = "123456789012"
BUCKET = f"sagemaker-{REGION}-{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/endpoint"
USER = f"arn:aws:iam::{ACCOUNT}:user/ada"


@functools.cache
def _load_session() -> boto3.Session:
    """Return a session that has read the descriptions of the services, which take a second."""
    return boto3.Session("testing", "testing", region_name=REGION)


@contextmanager
def use_empty_account() -> Iterator[Clients]:
    """Make boto3 use an empty account; yield its clients."""
    session = _load_session()
    with mock_aws(), mock.patch("boto3.Session", lambda region_name: session):
        yield connect(REGION)


def trust(*services: str, effect: str = "Allow") -> dict[str, Any]:
    """Return the trust policy of a role that services may assume."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": effect, "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
        ],
    }


def create_role(clients: Clients, policy: dict[str, Any]) -> None:
    clients.iam.create_role(RoleName="endpoint", AssumeRolePolicyDocument=json.dumps(policy))


def make_plan(**changes: Any) -> Plan:
    values: dict[str, Any] = {
        "name": "fashion-mnist-cnn", "region": REGION, "account": ACCOUNT, "bucket": BUCKET,
        "creates_bucket": True, "role": ROLE, "instance": "ml.t2.medium",
        "image": find_image(REGION), "is_prebuilt": True,
    }  # fmt: skip
    return Plan(**values | changes)


def answer(
    client: Any, operation: str, respond: Callable[[dict[str, Any]], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Make a function respond to an operation; return the list of the requests' parameters.

    The parameters are checked by botocore, as for AWS.
    """
    asked: list[dict[str, Any]] = []

    def remember(params: dict[str, Any], **_: Any) -> None:
        asked.append(params)

    def reply(**_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        return AWSResponse("", 200, {}, None), respond(asked[-1])

    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"before-parameter-build.{service}.{operation}", remember)
    event = f"before-call.{service}.{operation}"
    client.meta.events.unregister(event, unique_id="answer")  # an earlier one
    client.meta.events.register_first(event, reply, unique_id="answer")
    return asked


def lose_answer(client: Any, operation: str, error: BaseException) -> None:
    """Make an operation succeed, but raise an error instead of returning its response."""

    def fail(**_: Any) -> None:
        raise error

    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"after-call.{service}.{operation}", fail)


def refuse_call(code: str, message: str = "No.", operation: str = "Operation") -> Any:
    """Return a function that answers as AWS does when it refuses a call."""

    def respond(_: dict[str, Any]) -> dict[str, Any]:
        raise ClientError({"Error": {"Code": code, "Message": message}}, operation)

    return respond


def simulate(*denied: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a function that simulates policies that allow all actions but some."""

    def respond(params: dict[str, Any]) -> dict[str, Any]:
        results = [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": "implicitDeny" if action in denied else "allowed",
            }
            for action in params["ActionNames"]
            for resource in params["ResourceArns"]
        ]
        return {"EvaluationResults": results, "IsTruncated": False}

    return respond


def grant_quota(value: float, instance: str = "ml.t2.medium") -> Any:
    """Return a function that lists one quota."""
    return lambda _: {"Quotas": [{"QuotaName": f"{instance} for endpoint usage", "Value": value}]}


def list_everything(clients: Clients) -> list[str]:
    """Return the names of all that exists in the account."""
    buckets = [each["Name"] for each in clients.s3.list_buckets()["Buckets"]]
    objects = [
        each["Key"]
        for bucket in buckets
        for each in clients.s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    ]
    sagemaker, logs = clients.sagemaker, clients.logs
    return [
        *buckets,
        *objects,
        *(each["ModelName"] for each in sagemaker.list_models()["Models"]),
        *(
            each["EndpointConfigName"]
            for each in sagemaker.list_endpoint_configs()["EndpointConfigs"]
        ),
        *(each["EndpointName"] for each in sagemaker.list_endpoints()["Endpoints"]),
        *(each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]),
    ]
