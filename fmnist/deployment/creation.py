"""Creates the parts of a plan step by step; a failure removes the earlier parts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fmnist.deployment.archive import PROGRAM
from fmnist.deployment.aws import Clients, count_retries, explain_errors
from fmnist.deployment.plan import Plan
from fmnist.deployment.removal import (
    BUCKET_TAG,
    POLL_SECONDS,
    delete_archive,
    delete_bucket,
    delete_config,
    delete_endpoint,
    delete_logs,
    delete_model,
)
from fmnist.errors import DeploymentError

START_SECONDS: Final = 1_800.0
"""Longest time that an endpoint may take to start; SageMaker's own take five to ten minutes."""


@dataclass(frozen=True)
class Step:
    """One part of a deployment.

    Attributes:
        name: the name of the part.
        create: a function that creates it.
        delete: a function that deletes it; a missing part counts as deleted.
    """

    name: str
    create: Callable[[], Any]
    delete: Callable[[], Any]


_CODE_VARIABLES: Final = {
    "SAGEMAKER_PROGRAM": PROGRAM,
    "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
}
"""For the prebuilt container: which code of the archive it runs."""


def create_endpoint(
    clients: Clients,
    plan: Plan,
    archive: Path,
    report: Callable[[str], None],
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Create a plan's endpoint and wait until it is in service.

    Args:
        clients: the clients of the region.
        plan: what to create.
        archive: the ``model.tar.gz``.
        report: a function that is called with a message for each step.
        poll_seconds: seconds between two checks for the endpoint being in service.

    Raises:
        DeploymentError: a step failed; nothing is left, or the message names what is left.
    """
    done: list[Step] = []
    try:
        for step in _list_steps(clients, plan, archive, poll_seconds):
            report(f"creating: {step.name}")
            _take(step, done)
        _wait(clients, plan.name, report, poll_seconds)
    except BaseException as error:  # including Ctrl-C
        left = _undo(done, report)
        if left:
            raise DeploymentError(
                f"{str(error) or 'Interrupted.'} These are left: {', '.join(left)}. Delete them:"
                f" python -m fmnist deploy delete --name {plan.name}"
            ) from error
        report("Everything that was created is deleted again.")
        raise


def _take(step: Step, done: list[Step]) -> None:
    """Create a part, and register it for deletion if it may now exist."""
    from botocore.exceptions import ClientError

    with explain_errors(f"The {step.name} can't be created"):
        try:
            step.create()
        except BaseException as error:
            if not (isinstance(error, ClientError) and count_retries(error) == 0):
                done.append(step)  # a response was lost, so it may exist
            raise  # otherwise AWS refused it, and an existing one belongs to someone else
    done.append(step)


def _undo(done: list[Step], report: Callable[[str], None]) -> list[str]:
    """Delete parts in reverse order; return the names of those that can't be deleted."""
    left: list[str] = []
    while done:
        step = done.pop()
        report(f"deleting: {step.name}")
        try:
            step.delete()
        except DeploymentError as error:
            report(str(error))
            left.append(step.name)
        except KeyboardInterrupt:  # pressed again: the person does not want to wait
            return [*left, step.name, *(each.name for each in reversed(done))]
    return left


def _wait(clients: Clients, name: str, report: Callable[[str], None], poll_seconds: float) -> None:
    end = time.monotonic() + START_SECONDS
    report("waiting until the endpoint is in service, five to ten minutes as a rule")
    while time.monotonic() < end:
        with explain_errors("The endpoint can't be looked at"):
            found = clients.sagemaker.describe_endpoint(EndpointName=name)
        if found["EndpointStatus"] == "InService":
            return
        if found["EndpointStatus"] != "Creating":
            raise DeploymentError(
                f"The endpoint did not start: {found.get('FailureReason', 'no reason given')} Its"
                f" log was /aws/sagemaker/Endpoints/{name} in CloudWatch; docs/deployment.md lists"
                " causes."
            )
        time.sleep(poll_seconds)
    raise DeploymentError(
        f"The endpoint did not start within {START_SECONDS / 60:.0f} minutes. Try again, or another"
        " --instance TYPE."
    )


def _list_steps(clients: Clients, plan: Plan, archive: Path, poll_seconds: float) -> list[Step]:
    """Return the parts in the order in which they are created."""
    sagemaker, s3 = clients.sagemaker, clients.s3

    def upload() -> None:
        with archive.open("rb") as file:
            s3.put_object(Bucket=plan.bucket, Key=plan.key, Body=file)

    def delete_all_of_endpoint() -> None:
        delete_endpoint(clients, plan.name, poll_seconds)
        delete_logs(clients, plan.name)

    variant = {
        "VariantName": "only",
        "ModelName": plan.name,
        "InitialInstanceCount": 1,
        "InstanceType": plan.instance,
    }
    container = {
        "Image": plan.image,
        "ModelDataUrl": f"s3://{plan.bucket}/{plan.key}",
        "Environment": _CODE_VARIABLES if plan.is_prebuilt else {},
    }
    return [
        *(_list_bucket_steps(clients, plan.bucket) if plan.creates_bucket else []),
        Step("archive", upload, lambda: delete_archive(clients, plan.bucket, plan.key)),
        Step(
            "model",
            lambda: sagemaker.create_model(
                ModelName=plan.name, ExecutionRoleArn=plan.role, PrimaryContainer=container
            ),
            lambda: delete_model(clients, plan.name),
        ),
        Step(
            "endpoint configuration",
            lambda: sagemaker.create_endpoint_config(
                EndpointConfigName=plan.name, ProductionVariants=[variant]
            ),
            lambda: delete_config(clients, plan.name),
        ),
        Step(
            "endpoint",
            lambda: sagemaker.create_endpoint(EndpointName=plan.name, EndpointConfigName=plan.name),
            delete_all_of_endpoint,
        ),
    ]


def _list_bucket_steps(clients: Clients, bucket: str) -> list[Step]:
    place = {"LocationConstraint": clients.region}
    options = {} if clients.region == "us-east-1" else {"CreateBucketConfiguration": place}
    return [
        Step(
            "bucket",
            lambda: clients.s3.create_bucket(Bucket=bucket, **options),
            lambda: delete_bucket(clients, bucket, is_ours=True),
        ),
        Step(
            "tag of the bucket",
            lambda: clients.s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [BUCKET_TAG]}),
            lambda: None,  # it goes with the bucket
        ),
    ]
