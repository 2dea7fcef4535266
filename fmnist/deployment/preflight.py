"""Checks whether a deployment can succeed, before anything is created."""

from __future__ import annotations

from collections.abc import Sequence

from fmnist.deployment.aws import Clients, explain_errors, get_message, is_denied, is_missing
from fmnist.deployment.needs import list_caller_needs, list_check_needs, list_role_needs
from fmnist.deployment.permissions import Check, Outcome, check_permissions, check_trust
from fmnist.deployment.plan import Plan
from fmnist.errors import DeploymentError


def identify_caller(clients: Clients) -> tuple[str, str]:
    """Return account and ARN of the caller: of the user, or of the role that is assumed.

    Raises:
        DeploymentError: there are no valid credentials.
    """
    from botocore.exceptions import ClientError

    with explain_errors("Your identity can't be determined"):
        identity = clients.sts.get_caller_identity()
    account, arn = str(identity["Account"]), str(identity["Arn"])
    partition, resource = arn.split(":")[1], arn.rpartition(":")[2]
    kind, _, rest = resource.partition("/")
    if kind != "assumed-role":
        return account, arn
    role = rest.partition("/")[0]
    try:
        return account, str(clients.iam.get_role(RoleName=role)["Role"]["Arn"])
    except ClientError:  # its path can't be read: most roles have none
        return account, f"arn:{partition}:iam::{account}:role/{role}"


def inspect_bucket(clients: Clients, bucket: str) -> tuple[bool, Check]:
    """Return whether a bucket has to be created, and whether it can be used."""
    from botocore.exceptions import ClientError

    title = f"bucket {bucket}"
    with explain_errors(f"The bucket {bucket} can't be looked at"):
        try:
            found = clients.s3.head_bucket(Bucket=bucket)
        except ClientError as error:
            if is_missing(error):
                return True, Check(title, Outcome.OK)
            if not is_denied(error):
                raise
            detail = "It exists, but you may not use it. Choose another: --bucket NAME."
            return False, Check(title, Outcome.MISSING, detail)
    region = found.get("BucketRegion", clients.region)
    if region != clients.region:
        detail = f"It is in {region}, the endpoint in {clients.region}. Choose another: --bucket."
        return False, Check(title, Outcome.MISSING, detail)
    return False, Check(title, Outcome.OK)


def check_deployment(clients: Clients, plan: Plan, caller: str) -> list[Check]:
    """Return every check of a plan; nothing is created.

    Args:
        clients: the clients of the region.
        plan: what is to be created.
        caller: the ARN of the caller.

    Raises:
        DeploymentError: AWS can't be reached.
    """
    checks = [_check_names(clients, plan)]
    if caller.endswith(":root"):
        checks.append(Check("your permissions", Outcome.OK))  # the root user is allowed everything
    else:
        needs = [*list_caller_needs(plan), *list_check_needs(plan)]
        checks += check_permissions(clients, "your permissions", caller, needs)
    checks.append(check_trust(clients, plan))
    checks += check_permissions(
        clients, "permissions of the role", plan.role, list_role_needs(plan)
    )
    return [*checks, _check_quota(clients, plan)]


def _check_names(clients: Clients, plan: Plan) -> Check:
    from botocore.exceptions import ClientError

    title = f"name {plan.name} is free"
    for describe, key in (
        (clients.sagemaker.describe_endpoint, "EndpointName"),
        (clients.sagemaker.describe_endpoint_config, "EndpointConfigName"),
        (clients.sagemaker.describe_model, "ModelName"),
    ):
        with explain_errors("The names in use can't be listed"):
            try:
                describe(**{key: plan.name})
            except ClientError as error:
                if is_missing(error):
                    continue
                if is_denied(error):
                    return Check(title, Outcome.UNKNOWN, get_message(error))
                raise
        detail = "It is in use. Delete it first (deploy delete), or choose another: --name NAME."
        return Check(title, Outcome.MISSING, detail)
    return Check(title, Outcome.OK)


def _check_quota(clients: Clients, plan: Plan) -> Check:
    """Check that the account may run an instance of that type for an endpoint."""
    from botocore.exceptions import ClientError

    wanted = f"{plan.instance} for endpoint usage"
    title = f"quota: {wanted}"
    with explain_errors("The quotas can't be read"):
        try:
            pages = clients.quotas.get_paginator("list_service_quotas").paginate(
                ServiceCode="sagemaker"
            )
            quotas = [each for page in pages for each in page["Quotas"]]
        except ClientError as error:
            if not is_denied(error):
                raise
            return Check(title, Outcome.UNKNOWN, get_message(error))
    value = next((each["Value"] for each in quotas if each["QuotaName"] == wanted), None)
    if value is None:
        detail = f"AWS names no such quota. Is {plan.instance} a type of instance for endpoints?"
        return Check(title, Outcome.UNKNOWN, detail)
    if value < 1:
        detail = (
            f"It is {value:g}. Ask for 1 in the console, Service Quotas, Amazon SageMaker, or"
            " choose another: --instance TYPE."
        )
        return Check(title, Outcome.MISSING, detail)
    return Check(title, Outcome.OK)


def refuse(checks: Sequence[Check], *, accepts_unknown: bool) -> None:
    """Stop if something is missing.

    Raises:
        DeploymentError: a check failed, or could not be made and that is not accepted.
    """
    missing = sum(check.outcome is Outcome.MISSING for check in checks)
    unknown = sum(check.outcome is Outcome.UNKNOWN for check in checks)
    if missing:
        raise DeploymentError(
            f"Nothing was created: {missing} of the {len(checks)} checks failed. Their remedies"
            " stand above."
        )
    if unknown and not accepts_unknown:
        raise DeploymentError(
            f"Nothing was created: {unknown} of the {len(checks)} checks could not be made. Add"
            " --accept-unknown to continue anyway; a failed deployment is rolled back."
        )
