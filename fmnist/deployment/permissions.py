"""Checks whether AWS allows what a deployment needs, by simulation and the role's policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fmnist.deployment.aws import Clients, explain_errors, get_message, is_denied, is_missing
from fmnist.deployment.needs import SERVICE, Need
from fmnist.deployment.plan import Plan, parse_role


class Outcome(StrEnum):
    """The outcome of a check."""

    OK = "ok"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One check.

    Attributes:
        title: what was checked.
        outcome: the outcome of the check.
        detail: what is missing or why it is unknown, with the remedy; empty if everything is fine.
    """

    title: str
    outcome: Outcome
    detail: str = ""


def check_permissions(
    clients: Clients, title: str, principal: str, needs: Sequence[Need]
) -> list[Check]:
    """Return one check for each action that is not allowed, or one for all of them."""
    from botocore.exceptions import ClientError

    missing: list[Check] = []
    for need in needs:
        context: list[dict[str, Any]] = []
        if need.service:
            context = [
                {
                    "ContextKeyName": "iam:PassedToService",
                    "ContextKeyValues": [need.service],
                    "ContextKeyType": "string",
                }
            ]
        pages = clients.iam.get_paginator("simulate_principal_policy").paginate(
            PolicySourceArn=principal,
            ActionNames=list(need.actions),
            ResourceArns=list(need.resources),
            ContextEntries=context,
        )
        with explain_errors("The permissions can't be checked"):
            try:
                results = [each for page in pages for each in page["EvaluationResults"]]
            except ClientError as error:
                if not (is_denied(error) or is_missing(error)):
                    raise
                detail = (
                    f"AWS does not simulate them: {get_message(error)} Ask the administrator for"
                    " iam:SimulatePrincipalPolicy, or whether the policy below is granted."
                )
                return [Check(title, Outcome.UNKNOWN, detail)]
        missing += [
            Check(title, Outcome.MISSING, _describe_denial(each))
            for each in results
            if each["EvalDecision"] != "allowed"
        ]
    return missing or [Check(title, Outcome.OK)]


def _describe_denial(result: dict[str, Any]) -> str:
    reason = "not granted"
    if result["EvalDecision"] == "explicitDeny":
        reason = "denied by a policy"
    elif not result.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations", True):
        reason = "denied by the organisation"
    return f"{result['EvalActionName']} on {result.get('EvalResourceName', '*')}: {reason}."


def check_trust(clients: Clients, plan: Plan) -> Check:
    """Check that the role may be assumed by SageMaker."""
    from botocore.exceptions import ClientError

    title = "role is for SageMaker"
    account, name = parse_role(plan.role)
    if account != plan.account:
        detail = f"It belongs to the account {account}; yours is {plan.account}."
        return Check(title, Outcome.MISSING, f"{detail} Name one of your roles: --role ARN.")
    with explain_errors("The role can't be read"):
        try:
            role = clients.iam.get_role(RoleName=name)["Role"]
        except ClientError as error:
            if is_missing(error):
                detail = f"There is no role {name}. `aws iam list-roles` lists them."
                return Check(title, Outcome.MISSING, detail)
            if is_denied(error):
                return Check(title, Outcome.UNKNOWN, get_message(error))
            raise
    if not _trusts(role["AssumeRolePolicyDocument"]):
        detail = (
            f"Its trust policy does not let {SERVICE} assume it. Ask the administrator to add that"
            " service with sts:AssumeRole."
        )
        return Check(title, Outcome.MISSING, detail)
    return Check(title, Outcome.OK)


def _trusts(policy: dict[str, Any]) -> bool:
    effects = {
        statement["Effect"]
        for statement in _as_list(policy.get("Statement", []))
        if {"sts:AssumeRole", "sts:*", "*"} & set(_as_list(statement.get("Action", [])))
        and _names_service(statement.get("Principal", {}))
    }
    return effects == {"Allow"}


def _names_service(principal: Any) -> bool:
    if principal == "*":
        return True
    services = _as_list(principal.get("Service", [])) if isinstance(principal, dict) else []
    return bool({SERVICE, "*"} & set(services))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
