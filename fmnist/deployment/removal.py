"""Deletes a deployment part by part; a missing part counts as deleted."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from fmnist.deployment.aws import Clients, explain_errors, get_code, is_missing
from fmnist.deployment.plan import build_key
from fmnist.errors import DeploymentError

BUCKET_TAG: Final = {"Key": "created-by", "Value": "fashion-mnist-lab"}
"""Tag of a bucket that this program created and may delete."""

BUSY_SECONDS: Final = 1_800.0
"""Longest wait until an endpoint can be deleted, which is impossible while it starts."""

POLL_SECONDS: Final = 10.0


def delete_deployment(
    clients: Clients,
    name: str,
    bucket: str,
    report: Callable[[str], None],
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Delete an endpoint with everything that was created for it.

    Args:
        clients: the clients of its region.
        name: the name of the endpoint.
        bucket: the bucket of its archive, unless its model names another.
        report: a function that is called with each deleted part.
        poll_seconds: seconds between two checks whether the endpoint is gone.

    Raises:
        DeploymentError: there is nothing of that name, or a part can't be deleted.
    """
    bucket, key = find_archive(clients, name) or (bucket, build_key(name))
    found = [
        delete_endpoint(clients, name, poll_seconds),
        delete_config(clients, name),
        delete_archive(clients, bucket, key),
        delete_model(clients, name),  # not before the archive, which it names
        delete_bucket(clients, bucket),
        delete_logs(clients, name),
    ]
    parts = ("endpoint", "endpoint configuration", "archive", "model", "bucket", "logs")
    gone = [part for part, is_gone in zip(parts, found, strict=True) if is_gone]
    if not gone:
        raise DeploymentError(
            f"There is nothing named {name} in {clients.region}. `deploy status` lists the"
            " endpoints; --region names another region."
        )
    for part in gone:
        report(f"deleted: {part}")


def find_archive(clients: Clients, name: str) -> tuple[str, str] | None:
    """Return bucket and key of a model's archive, or None if there is no such model."""
    found: list[dict[str, Any]] = []

    def describe() -> None:
        found.append(clients.sagemaker.describe_model(ModelName=name))

    if not _attempt("model", describe):
        return None
    url = str(found[0]["PrimaryContainer"]["ModelDataUrl"])
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return bucket, key


def delete_endpoint(clients: Clients, name: str, poll_seconds: float = POLL_SECONDS) -> bool:
    """Delete an endpoint, which costs money; return whether there was one.

    AWS can't delete an endpoint while it starts, so this waits for the start and for the deletion.
    """
    return _attempt("endpoint", lambda: _delete_endpoint(clients, name, poll_seconds))


def _delete_endpoint(clients: Clients, name: str, poll_seconds: float) -> None:
    from botocore.exceptions import ClientError

    end = time.monotonic() + BUSY_SECONDS
    status = clients.sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"]
    while status.endswith("ing") and status != "Deleting" and time.monotonic() < end:
        time.sleep(poll_seconds)
        status = clients.sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"]
    if status != "Deleting":
        clients.sagemaker.delete_endpoint(EndpointName=name)
    while time.monotonic() < end:
        try:
            clients.sagemaker.describe_endpoint(EndpointName=name)
        except ClientError as error:
            if is_missing(error):
                return
            raise
        time.sleep(poll_seconds)


def delete_config(clients: Clients, name: str) -> bool:
    """Delete an endpoint configuration; return whether there was one."""

    def delete() -> None:
        clients.sagemaker.describe_endpoint_config(EndpointConfigName=name)
        clients.sagemaker.delete_endpoint_config(EndpointConfigName=name)

    return _attempt("endpoint configuration", delete)


def delete_model(clients: Clients, name: str) -> bool:
    """Delete a model, but not its archive; return whether there was one."""
    return _attempt("model", lambda: clients.sagemaker.delete_model(ModelName=name))


def delete_archive(clients: Clients, bucket: str, key: str) -> bool:
    """Delete an archive; return whether there was one."""

    def delete() -> None:
        clients.s3.head_object(Bucket=bucket, Key=key)  # deleting nothing is not an error
        clients.s3.delete_object(Bucket=bucket, Key=key)

    return _attempt("archive", delete)


def delete_bucket(clients: Clients, bucket: str, *, is_ours: bool = False) -> bool:
    """Delete a bucket that this program created and that is empty; return whether it did.

    Args:
        clients: the clients of its region.
        bucket: its name.
        is_ours: whether it was created just now; otherwise its tag decides.
    """
    from botocore.exceptions import ClientError

    deleted = []

    def delete() -> None:
        if not is_ours:
            tags = clients.s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
            if BUCKET_TAG not in tags:
                return
        try:
            clients.s3.delete_bucket(Bucket=bucket)
        except ClientError as error:
            if get_code(error) != "BucketNotEmpty":
                raise
            return  # another run's archive is in it
        deleted.append(bucket)

    _attempt("bucket", delete)
    return bool(deleted)


def delete_logs(clients: Clients, name: str) -> bool:
    """Delete what an endpoint has written to CloudWatch; return whether there was something."""
    group = f"/aws/sagemaker/Endpoints/{name}"
    return _attempt("logs", lambda: clients.logs.delete_log_group(logGroupName=group))


def _attempt(part: str, call: Callable[[], Any]) -> bool:
    """Return whether a call succeeded, or False if its target does not exist.

    Raises:
        DeploymentError: AWS refused it for another reason.
    """
    from botocore.exceptions import ClientError

    with explain_errors(f"The {part} can't be deleted"):
        try:
            call()
        except ClientError as error:
            if is_missing(error):
                return False
            raise
    return True
