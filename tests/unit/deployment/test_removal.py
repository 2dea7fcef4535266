from __future__ import annotations

import pytest

from fmnist.deployment.aws import Clients
from fmnist.deployment.removal import BUCKET_TAG, delete_bucket, delete_deployment
from fmnist.errors import DeploymentError
from tests.support.aws import BUCKET, answer, list_everything, refuse_call


def create_bucket(clients: Clients, *tags: dict[str, str]) -> None:
    place = {"LocationConstraint": clients.region}
    clients.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    if tags:
        clients.s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": list(tags)})


def test_nothing_of_that_name_is_an_error_with_the_remedy(clients: Clients) -> None:
    with pytest.raises(DeploymentError, match=r"nothing named x in eu-central-1\..*--region"):
        delete_deployment(clients, "x", BUCKET, print)


def test_the_rest_of_a_broken_deployment_is_deleted(clients: Clients) -> None:
    """The archive without its model: the bucket's name and the key say where it is."""
    create_bucket(clients, BUCKET_TAG)
    clients.s3.put_object(Bucket=BUCKET, Key="x/model.tar.gz", Body=b"")
    lines: list[str] = []
    delete_deployment(clients, "x", BUCKET, lines.append)
    assert lines == ["deleted: archive", "deleted: bucket"]
    assert list_everything(clients) == []


@pytest.mark.parametrize(
    ("tags", "key"), [((), ""), (({"Key": "team", "Value": "a"},), ""), ((BUCKET_TAG,), "y")]
)
def test_a_bucket_of_others_and_one_in_use_stay(
    clients: Clients, tags: tuple[dict[str, str], ...], key: str
) -> None:
    create_bucket(clients, *tags)
    if key:
        clients.s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
    assert not delete_bucket(clients, BUCKET)
    assert BUCKET in list_everything(clients)


def test_a_part_that_may_not_be_deleted_is_an_error(clients: Clients) -> None:
    answer(clients.sagemaker, "DescribeModel", refuse_call("AccessDeniedException"))
    with pytest.raises(DeploymentError, match="The model can't be deleted: AWS refused"):
        delete_deployment(clients, "x", BUCKET, print)
