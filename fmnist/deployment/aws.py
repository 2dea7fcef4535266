"""Amazon Web Services: clients and error messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from fmnist.errors import DeploymentError

_DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException", "403"})
_MISSING: Final = frozenset(
    {
        "404",
        "NoSuchBucket",
        "NoSuchKey",
        "NoSuchTagSet",
        "NoSuchEntity",
        "ResourceNotFoundException",
    }
)
_MISSING_WORDS: Final = ("could not find", "does not exist")


@dataclass(frozen=True)
class Clients:
    """The boto3 clients, one per service.

    Attributes:
        region: the region of the endpoint.
    """

    region: str
    sts: Any
    iam: Any
    s3: Any
    sagemaker: Any
    quotas: Any
    logs: Any


def connect(region: str | None) -> Clients:
    """Return the clients for a region, using the credentials found by boto3.

    Raises:
        DeploymentError: boto3 is not installed, or no region is given.
    """
    try:
        import boto3
    except ImportError as error:
        raise DeploymentError(
            "Deploying needs boto3. Install it: pip install -r requirements-extras.txt"
        ) from error
    with explain_errors("connect"):
        session = boto3.Session(region_name=region)
        if session.region_name is None:
            raise DeploymentError("No region is given. Add --region, for example eu-central-1.")
        names = ("sts", "iam", "s3", "sagemaker", "service-quotas", "logs")
        return Clients(session.region_name, *(session.client(name) for name in names))


@contextmanager
def explain_errors(action: str) -> Iterator[None]:
    """Convert the errors of boto3 to ``DeploymentError``.

    Args:
        action: the action, as a message: ``The model can't be created``.

    Raises:
        DeploymentError: with the cause and a remedy.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        yield
    except NoCredentialsError as error:
        raise DeploymentError(
            "There are no AWS credentials. Sign in with `aws configure` or `aws sso login`, or set"
            " AWS_PROFILE."
        ) from error
    except ClientError as error:
        remedy = "Ask the administrator for it" if is_denied(error) else "Correct that"
        raise DeploymentError(
            f"{action}: AWS refused {error.operation_name}: {get_message(error)} {remedy} and try"
            " again."
        ) from error
    except BotoCoreError as error:
        raise DeploymentError(
            f"{action}: {error}. Check the region, the credentials and the connection."
        ) from error


def is_denied(error: Any) -> bool:
    """Return whether AWS refused a call for lack of a permission."""
    return get_code(error) in _DENIED


def is_missing(error: Any) -> bool:
    """Return whether a call failed because its target does not exist."""
    message = get_message(error).lower()
    return get_code(error) in _MISSING or any(word in message for word in _MISSING_WORDS)


def count_retries(error: Any) -> int:
    """Return how many calls boto3 made before AWS refused one; their responses were lost."""
    return int(error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0))


def get_code(error: Any) -> str:
    """Return the code of an error of AWS, such as ``AccessDenied``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def get_message(error: Any) -> str:
    """Return the message of AWS about an error, as a sentence."""
    return str(error.response.get("Error", {}).get("Message", error)).rstrip(". ") + "."
