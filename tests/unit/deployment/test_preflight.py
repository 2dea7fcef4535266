"""Every obstacle is found, and named, before anything is created."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from fmnist.deployment.aws import Clients, connect
from fmnist.deployment.needs import build_policy, list_caller_needs, list_check_needs
from fmnist.deployment.permissions import Check, Outcome, check_permissions
from fmnist.deployment.preflight import check_deployment, identify_caller, inspect_bucket, refuse
from fmnist.errors import DeploymentError
from tests.support.aws import (
    ACCOUNT,
    BUCKET,
    REGION,
    ROLE,
    USER,
    answer,
    create_role,
    grant_quota,
    list_everything,
    make_plan,
    refuse_call,
    simulate,
    trust,
)


@pytest.fixture
def granted(clients: Clients) -> Clients:
    """An account in which everything is allowed."""
    create_role(clients, trust("sagemaker.amazonaws.com"))
    answer(clients.quotas, "ListServiceQuotas", grant_quota(1))
    return clients


def find_obstacles(clients: Clients, caller: str = USER, **changes: Any) -> list[Check]:
    checks = check_deployment(clients, make_plan(**changes), caller)
    assert list_everything(clients) == []
    return [check for check in checks if check.outcome is not Outcome.OK]


def test_where_all_is_granted_nothing_is_found(granted: Clients) -> None:
    asked = answer(granted.iam, "SimulatePrincipalPolicy", simulate())
    assert find_obstacles(granted) == []
    assert {each["PolicySourceArn"] for each in asked} == {USER, ROLE}
    (passed,) = [each for each in asked if each["ActionNames"] == ["iam:PassRole"]]
    assert passed["ResourceArns"] == [ROLE]
    assert passed["ContextEntries"][0]["ContextKeyValues"] == ["sagemaker.amazonaws.com"]


@pytest.mark.parametrize(
    "action",
    [action for need in list_caller_needs(make_plan()) for action in need.actions],
)
def test_each_missing_permission_is_named(granted: Clients, action: str) -> None:
    answer(granted.iam, "SimulatePrincipalPolicy", simulate(action))
    obstacles = find_obstacles(granted)
    assert obstacles
    assert all(obstacle.detail.startswith(f"{action} on arn:aws:") for obstacle in obstacles)
    with pytest.raises(DeploymentError, match="Nothing was created: 1 of"):
        refuse(obstacles[:1], accepts_unknown=True)


def test_missing_permissions_of_the_role_are_named(granted: Clients) -> None:
    answer(
        granted.iam, "SimulatePrincipalPolicy", simulate("ecr:BatchGetImage", "logs:PutLogEvents")
    )
    obstacles = find_obstacles(granted)
    assert {obstacle.title for obstacle in obstacles} == {"permissions of the role"}
    details = " ".join(obstacle.detail for obstacle in obstacles)
    assert "ecr:BatchGetImage on arn:aws:ecr:eu-central-1:492215442770:repository/" in details
    assert "logs:PutLogEvents" in details


def test_answers_of_aws_are_read_over_several_pages(clients: Clients) -> None:
    """By botocore's own description of the answers."""
    need = list_caller_needs(make_plan())[-1]
    (resource,) = need.resources
    parameters = {
        "PolicySourceArn": USER, "ActionNames": list(need.actions), "ResourceArns": [resource],
        "ContextEntries": [],
    }  # fmt: skip
    result = {"EvalActionName": "logs:DeleteLogGroup", "EvalResourceName": resource}
    pages = [
        {
            "EvaluationResults": [result | {"EvalDecision": "allowed"}],
            "IsTruncated": True,
            "Marker": "m",
        },
        {
            "EvaluationResults": [
                result | {"EvalDecision": "explicitDeny"},
                result
                | {
                    "EvalDecision": "implicitDeny",
                    "OrganizationsDecisionDetail": {"AllowedByOrganizations": False},
                },
            ],
            "IsTruncated": False,
        },
    ]
    with Stubber(clients.iam) as stubber:
        stubber.add_response("simulate_principal_policy", pages[0], parameters)
        stubber.add_response("simulate_principal_policy", pages[1], parameters | {"Marker": "m"})
        checks = check_permissions(clients, "t", USER, [need])
    assert [check.detail.rpartition(": ")[2] for check in checks] == [
        "denied by a policy.", "denied by the organisation.",
    ]  # fmt: skip


def test_what_can_not_be_simulated_is_unknown_and_stops_unless_accepted(granted: Clients) -> None:
    answer(granted.iam, "SimulatePrincipalPolicy", refuse_call("AccessDenied", "Not you"))
    obstacles = find_obstacles(granted)
    assert {obstacle.outcome for obstacle in obstacles} == {Outcome.UNKNOWN}
    assert "Not you. Ask the administrator for iam:SimulatePrincipalPolicy" in obstacles[0].detail
    with pytest.raises(DeploymentError, match="--accept-unknown"):
        refuse(obstacles, accepts_unknown=False)
    refuse(obstacles, accepts_unknown=True)


def test_the_root_user_is_not_simulated(granted: Clients) -> None:
    asked = answer(granted.iam, "SimulatePrincipalPolicy", simulate())
    assert find_obstacles(granted, f"arn:aws:iam::{ACCOUNT}:root") == []
    assert {each["PolicySourceArn"] for each in asked} == {ROLE}


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (trust("ec2.amazonaws.com"), "does not let sagemaker.amazonaws.com assume it"),
        (trust("sagemaker.amazonaws.com", effect="Deny"), "does not let"),
        (None, "There is no role endpoint"),
    ],
)
def test_a_role_that_is_not_for_sagemaker_is_found(
    clients: Clients, policy: dict[str, Any] | None, words: str
) -> None:
    answer(clients.iam, "SimulatePrincipalPolicy", simulate())
    answer(clients.quotas, "ListServiceQuotas", grant_quota(1))
    if policy is not None:
        create_role(clients, policy)
    (obstacle,) = find_obstacles(clients)
    assert words in obstacle.detail


def test_a_role_of_another_account_is_found(granted: Clients) -> None:
    answer(granted.iam, "SimulatePrincipalPolicy", simulate())
    (obstacle,) = find_obstacles(granted, role="arn:aws:iam::999999999999:role/endpoint")
    assert "belongs to the account 999999999999" in obstacle.detail


@pytest.mark.parametrize(
    ("respond", "outcome", "words"),
    [
        (grant_quota(0), Outcome.MISSING, "Ask for 1"),
        (grant_quota(1, "ml.m5.large"), Outcome.UNKNOWN, "no such quota"),
        (refuse_call("AccessDeniedException", "Not you"), Outcome.UNKNOWN, "Not you."),
    ],
)
def test_a_quota_of_zero_is_found(
    clients: Clients, respond: Any, outcome: Outcome, words: str
) -> None:
    create_role(clients, trust("sagemaker.amazonaws.com"))
    answer(clients.iam, "SimulatePrincipalPolicy", simulate())
    answer(clients.quotas, "ListServiceQuotas", respond)
    (obstacle,) = find_obstacles(clients)
    assert obstacle.outcome is outcome
    assert words in obstacle.detail


def test_a_name_in_use_is_found(granted: Clients) -> None:
    answer(granted.iam, "SimulatePrincipalPolicy", simulate())
    answer(granted.sagemaker, "DescribeModel", lambda _: {"ModelName": "fashion-mnist-cnn"})
    (obstacle,) = find_obstacles(granted)
    assert "deploy delete" in obstacle.detail


def test_an_assumed_role_is_checked_as_its_role(clients: Clients) -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/endpoint/ada"
    answer(clients.sts, "GetCallerIdentity", lambda _: {"Account": ACCOUNT, "Arn": session})
    clients.iam.create_role(
        RoleName="endpoint", Path="/team/", AssumeRolePolicyDocument='{"Version": "2012-10-17"}'
    )
    assert identify_caller(clients) == (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:role/team/endpoint")


def test_an_assumed_role_that_can_not_be_looked_at_has_no_path(clients: Clients) -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/endpoint/ada"
    answer(clients.sts, "GetCallerIdentity", lambda _: {"Account": ACCOUNT, "Arn": session})
    assert identify_caller(clients) == (ACCOUNT, ROLE)


def test_no_credentials_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(DeploymentError, match="aws configure"):
        identify_caller(connect(REGION))


@pytest.mark.parametrize(
    ("respond", "creates", "words"),
    [
        (refuse_call("404"), True, ""),
        (refuse_call("403"), False, "you may not use it"),
        (lambda _: {"BucketRegion": "us-east-1"}, False, "It is in us-east-1"),
        (lambda _: {"BucketRegion": REGION}, False, ""),
    ],
)
def test_a_bucket_that_can_not_be_used_is_found(
    clients: Clients, respond: Any, creates: bool, words: str
) -> None:
    answer(clients.s3, "HeadBucket", respond)
    is_to_be_created, check = inspect_bucket(clients, BUCKET)
    assert is_to_be_created is creates
    assert words in check.detail
    assert (check.outcome is Outcome.OK) == (not words)


def test_the_policy_grants_what_is_checked_and_nothing_more() -> None:
    plan = make_plan()
    needs = [*list_caller_needs(plan), *list_check_needs(plan)]
    statements = build_policy(needs)["Statement"]
    granted = {
        (action, resource)
        for statement in statements
        for action in statement["Action"]
        for resource in statement["Resource"]
    }
    assert granted == {(a, r) for need in needs for a in need.actions for r in need.resources}
    # Only the checks themselves need more than what is named after the endpoint.
    assert {action for action, resource in granted if resource == "*"} == {
        "iam:SimulatePrincipalPolicy", "servicequotas:ListServiceQuotas",
    }  # fmt: skip
