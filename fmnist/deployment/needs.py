"""The permissions that a deployment needs, and the policy that grants them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from fmnist.deployment.plan import Plan

SERVICE: Final = "sagemaker.amazonaws.com"
"""The service that assumes the role of an endpoint."""


@dataclass(frozen=True)
class Need:
    """Actions on resources.

    Attributes:
        actions: such as ``s3:PutObject``.
        resources: ARNs; ``*`` if AWS has no resource for the action.
        service: the service to which a role is passed; for ``iam:PassRole`` only.
    """

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    service: str = ""


def list_caller_needs(plan: Plan) -> list[Need]:
    """Return the permissions needed to deploy, inspect and delete."""
    base = f"arn:{plan.partition}:sagemaker:{plan.region}:{plan.account}"
    endpoint, config = f"{base}:endpoint/{plan.name}", f"{base}:endpoint-config/{plan.name}"
    bucket = f"arn:{plan.partition}:s3:::{plan.bucket}"
    on_bucket = ["s3:ListBucket", "s3:GetBucketTagging"]
    if plan.creates_bucket:
        on_bucket += ["s3:CreateBucket", "s3:PutBucketTagging", "s3:DeleteBucket"]
    return [
        Need(
            ("sagemaker:CreateModel", "sagemaker:DescribeModel", "sagemaker:DeleteModel"),
            (f"{base}:model/{plan.name}",),
        ),
        Need(
            (
                "sagemaker:CreateEndpointConfig",
                "sagemaker:DescribeEndpointConfig",
                "sagemaker:DeleteEndpointConfig",
            ),
            (config,),
        ),
        Need(("sagemaker:CreateEndpoint",), (endpoint, config)),
        Need(("sagemaker:DescribeEndpoint", "sagemaker:DeleteEndpoint"), (endpoint,)),
        Need(("iam:PassRole",), (plan.role,), service=SERVICE),
        Need(tuple(on_bucket), (bucket,)),
        Need(("s3:PutObject", "s3:GetObject", "s3:DeleteObject"), (f"{bucket}/{plan.key}",)),
        Need(("logs:DeleteLogGroup",), (_log_group(plan),)),
    ]


def list_check_needs(plan: Plan) -> list[Need]:
    """Return the permissions needed to check all the others beforehand."""
    return [
        Need(("iam:GetRole",), (plan.role,)),
        Need(("iam:SimulatePrincipalPolicy", "servicequotas:ListServiceQuotas")),
    ]


def list_role_needs(plan: Plan) -> list[Need]:
    """Return the permissions that the role of the endpoint needs."""
    needs = [
        Need(("s3:GetObject",), (f"arn:{plan.partition}:s3:::{plan.bucket}/{plan.key}",)),
        Need(
            ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
            (_log_group(plan),),
        ),
        Need(("cloudwatch:PutMetricData", "ecr:GetAuthorizationToken")),
    ]
    found = re.fullmatch(r"(\d{12})\.dkr\.ecr\.([\w-]+)\.[\w.]+/([^:@]+)(?:[:@].*)?", plan.image)
    if found is not None:
        account, region, repository = found.groups()
        pull = ("BatchCheckLayerAvailability", "GetDownloadUrlForLayer", "BatchGetImage")
        arn = f"arn:{plan.partition}:ecr:{region}:{account}:repository/{repository}"
        needs.append(Need(tuple(f"ecr:{action}" for action in pull), (arn,)))
    return needs


def build_policy(needs: Sequence[Need]) -> dict[str, Any]:
    """Return the IAM policy that grants needs, and nothing more."""
    statements: list[dict[str, Any]] = []
    for need in needs:
        statement: dict[str, Any] = {
            "Effect": "Allow",
            "Action": list(need.actions),
            "Resource": list(need.resources),
        }
        if need.service:
            statement["Condition"] = {"StringEquals": {"iam:PassedToService": need.service}}
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


def _log_group(plan: Plan) -> str:
    return (
        f"arn:{plan.partition}:logs:{plan.region}:{plan.account}:log-group:"
        f"/aws/sagemaker/Endpoints/{plan.name}:*"
    )
