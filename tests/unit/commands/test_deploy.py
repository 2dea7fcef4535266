"""The command ``deploy``: what it prints, what it asks, what it creates."""

from __future__ import annotations

import io
import json
import sys
import tarfile
from pathlib import Path

import pytest

from fmnist.__main__ import main
from fmnist.deployment.aws import Clients, connect
from fmnist.errors import DeploymentError
from tests.support.aws import (
    REGION,
    ROLE,
    answer,
    list_everything,
    simulate,
)

NAME = "fashion-mnist-baseline"
DEPLOY = ["deploy", "sagemaker", "baseline", "--role", ROLE]


def test_dry_run_creates_nothing_but_the_archive(
    clients: Clients, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "model.tar.gz"
    assert main([*DEPLOY, "--dry-run", "-o", str(target)]) == 0
    assert list_everything(clients) == []
    with tarfile.open(target) as archive:
        assert "model.onnx" in archive.getnames()
    out = capsys.readouterr().out
    assert "Nothing was created. An endpoint would cost about $0.056 an hour" in out
    assert "missing" not in out


def test_a_missing_permission_is_printed_with_the_policy_and_nothing_is_created(
    clients: Clients, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(clients.iam, "SimulatePrincipalPolicy", simulate("sagemaker:CreateEndpoint"))
    assert main([*DEPLOY, "--yes"]) == 1
    assert list_everything(clients) == []
    out, error = capsys.readouterr()
    assert "missing  your permissions: sagemaker:CreateEndpoint on arn:aws:sagemaker" in out
    policy = json.loads(out[out.index("\n{") :])
    assert policy["Version"] == "2012-10-17"
    assert "error: Nothing was created: 2 of the" in error


def test_endpoint_is_created_shown_and_deleted(
    clients: Clients, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*DEPLOY, "--yes"]) == 0
    assert f"{NAME} is in service in {REGION}" in capsys.readouterr().out
    assert main(["deploy", "status"]) == 0
    assert capsys.readouterr().out == f"{NAME}: InService\n"
    assert main(["deploy", "status", "baseline"]) == 0
    assert "InService, ml.t2.medium, for 0.0 hours" in capsys.readouterr().out
    assert main(["deploy", "delete", "baseline"]) == 0
    assert "deleted: endpoint\n" in capsys.readouterr().out
    assert list_everything(clients) == []
    assert main(["deploy", "status"]) == 0
    assert "There is no endpoint" in capsys.readouterr().out


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stdin", "words"), [(Terminal("n\n"), "Nothing was created."), (io.StringIO(), "--yes")]
)
def test_who_does_not_agree_creates_nothing(
    clients: Clients,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    stdin: io.StringIO,
    words: str,
) -> None:
    monkeypatch.setattr("sys.stdin", stdin)
    assert main(DEPLOY) == 1
    assert words in capsys.readouterr().err
    assert list_everything(clients) == []


def test_who_agrees_creates(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert main(DEPLOY) == 0
    assert NAME in list_everything(clients)


def test_status_of_no_endpoint_says_so(
    clients: Clients, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["deploy", "status", "baseline"]) == 1
    assert f"There is no endpoint {NAME} in {REGION}" in capsys.readouterr().err


def test_delete_needs_a_name(clients: Clients, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deploy", "delete"]) == 1
    assert "--name" in capsys.readouterr().err


def test_without_boto3_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(DeploymentError, match=r"requirements-extras\.txt"):
        connect(REGION)
