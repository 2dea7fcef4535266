"""The state of the endpoints of this program."""

from __future__ import annotations

from typing import Any

from fmnist.deployment.aws import Clients, explain_errors, is_missing
from fmnist.deployment.plan import PREFIX
from fmnist.errors import DeploymentError


def list_endpoints(clients: Clients) -> dict[str, str]:
    """Return the state of each endpoint of this program, by name.

    Raises:
        DeploymentError: AWS refused it.
    """
    with explain_errors("The endpoints can't be listed"):
        pages = clients.sagemaker.get_paginator("list_endpoints").paginate(NameContains=PREFIX)
        found = [each for page in pages for each in page["Endpoints"]]
    return {each["EndpointName"]: each["EndpointStatus"] for each in found}


def describe_endpoint(clients: Clients, name: str) -> tuple[dict[str, Any], str]:
    """Return the description of an endpoint by SageMaker, and the type of its instance.

    Raises:
        DeploymentError: there is no endpoint of that name, or AWS refused it.
    """
    from botocore.exceptions import ClientError

    with explain_errors(f"{name} can't be described"):
        try:
            endpoint = clients.sagemaker.describe_endpoint(EndpointName=name)
        except ClientError as error:
            if not is_missing(error):
                raise
            raise DeploymentError(
                f"There is no endpoint {name} in {clients.region}. `deploy status` lists them;"
                " --region names another region."
            ) from error
        config = clients.sagemaker.describe_endpoint_config(
            EndpointConfigName=endpoint["EndpointConfigName"]
        )
    return endpoint, str(config["ProductionVariants"][0]["InstanceType"])
