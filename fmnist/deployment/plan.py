"""The parts of a deployment: names, places, machine, price."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from fmnist.errors import DeploymentError

PREFIX: Final = "fashion-mnist-"
"""Prefix of the names of all endpoints that this program creates."""

DEFAULT_INSTANCE: Final = "ml.t2.medium"
"""The cheapest machine: two cores and 4 GB, far more than a network of ours needs."""

PRICES_FROM: Final = "2024"
"""The year of the prices, which were entered by hand and may have changed since."""

PRICES: Final = {
    "ml.t2.medium": 0.056,
    "ml.t2.large": 0.111,
    "ml.m5.large": 0.115,
    "ml.m5.xlarge": 0.23,
    "ml.c5.large": 0.102,
    "ml.c5.xlarge": 0.204,
}
"""US dollars per hour of an endpoint's instance in us-east-1; other regions cost more."""

IMAGE_TAG: Final = "sagemaker-scikit-learn:1.2-1-cpu-py3"

IMAGE_ACCOUNTS: Final = {
    "af-south-1": "510948584623",
    "ap-east-1": "651117190479",
    "ap-northeast-1": "354813040037",
    "ap-northeast-2": "366743142698",
    "ap-south-1": "720646828776",
    "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285",
    "ca-central-1": "341280168497",
    "eu-central-1": "492215442770",
    "eu-central-2": "680994064768",
    "eu-north-1": "662702820516",
    "eu-south-1": "978288397137",
    "eu-south-2": "104374241257",
    "eu-west-1": "141502667606",
    "eu-west-2": "764974769150",
    "eu-west-3": "659782779980",
    "sa-east-1": "737474898029",
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-west-1": "746614075791",
    "us-west-2": "246618743249",
}
"""Accounts whose registry has the prebuilt scikit-learn container, by region (SageMaker SDK)."""

_ROLE: Final = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):role/(?:[\w+=,.@/-]*/)?([\w+=,.@-]{1,64})")


@dataclass(frozen=True)
class Plan:
    """The parts to be created.

    Attributes:
        name: the name of the endpoint, its configuration and its model.
        region: the AWS region.
        account: the AWS account, twelve digits.
        bucket: the bucket of the archive.
        creates_bucket: whether the bucket has to be created.
        role: ARN of the endpoint's role.
        instance: the type of the machine.
        image: the container.
        is_prebuilt: whether that is SageMaker's own, which runs the code in the archive.
    """

    name: str
    region: str
    account: str
    bucket: str
    creates_bucket: bool
    role: str
    instance: str
    image: str
    is_prebuilt: bool

    @property
    def key(self) -> str:
        """Key of the archive in the bucket."""
        return build_key(self.name)

    @property
    def partition(self) -> str:
        """The AWS partition of the role: ``aws`` except for China and governments."""
        return self.role.split(":")[1]

    @property
    def price(self) -> str:
        """The price per hour, with its source."""
        price = PRICES.get(self.instance)
        if price is None:
            return f"unknown for {self.instance}: see https://aws.amazon.com/sagemaker/pricing/"
        return (
            f"about ${price:g} an hour for {self.instance} (us-east-1, {PRICES_FROM}; the price"
            " today, in your region: https://aws.amazon.com/sagemaker/pricing/)"
        )


def build_key(name: str) -> str:
    """Return the key of an endpoint's archive in its bucket."""
    return f"{name}/model.tar.gz"


def choose_name(run_id: str, given: str | None) -> str:
    """Return the name of a run's endpoint: the given one, or one derived from the run's.

    Raises:
        DeploymentError: SageMaker does not allow the name.
    """
    name = given or PREFIX + re.sub(r"[^A-Za-z0-9]+", "-", run_id).strip("-")
    if not re.fullmatch(r"[A-Za-z0-9](-*[A-Za-z0-9]){0,62}", name):
        raise DeploymentError(
            f"{name!r} can't be the name of an endpoint. Choose up to 63 letters, digits and"
            " hyphens: --name NAME."
        )
    return name


def parse_role(role: str) -> tuple[str, str]:
    """Return account and name of a role.

    Raises:
        DeploymentError: it isn't the ARN of a role.
    """
    found = _ROLE.fullmatch(role)
    if found is None:
        raise DeploymentError(
            f"{role!r} is not the ARN of a role. An example is"
            " arn:aws:iam::123456789012:role/NAME; `aws iam list-roles` lists them."
        )
    return found.group(1), found.group(2)


def find_image(region: str) -> str:
    """Return the prebuilt container of a region.

    Raises:
        DeploymentError: no container is known.
    """
    if region not in IMAGE_ACCOUNTS:
        raise DeploymentError(
            f"No prebuilt container is known in {region}. Choose another --region, or push your"
            " own and name it: --image (docs/deployment.md)."
        )
    return f"{IMAGE_ACCOUNTS[region]}.dkr.ecr.{region}.amazonaws.com/{IMAGE_TAG}"
