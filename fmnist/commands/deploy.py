"""Deploy a run on Amazon SageMaker as an endpoint, show it, delete it.

``deploy sagemaker RUN --role ARN --dry-run`` checks all requirements and creates nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from fmnist.deployment.archive import build_archive
from fmnist.deployment.aws import Clients, connect
from fmnist.deployment.creation import create_endpoint
from fmnist.deployment.needs import build_policy, list_caller_needs, list_check_needs
from fmnist.deployment.permissions import Check, Outcome
from fmnist.deployment.plan import (
    DEFAULT_INSTANCE,
    PREFIX,
    Plan,
    choose_name,
    find_image,
    parse_role,
)
from fmnist.deployment.preflight import (
    check_deployment,
    identify_caller,
    inspect_bucket,
    refuse,
)
from fmnist.deployment.removal import delete_deployment
from fmnist.deployment.status import describe_endpoint, list_endpoints
from fmnist.errors import DeploymentError
from fmnist.runs import open_run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions with their options."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("sagemaker", help="check what is needed, then create an endpoint")
    create.add_argument("run", metavar="RUN", help="name of a run, for example cnn")
    create.add_argument(
        "--role", required=True, metavar="ARN", help="the role that the endpoint runs as"
    )
    create.add_argument("--dry-run", action="store_true", help="check, but create nothing")
    create.add_argument(
        "--instance", default=DEFAULT_INSTANCE, metavar="TYPE", help=f"({DEFAULT_INSTANCE})"
    )
    create.add_argument("--image", metavar="URI", help="a container of your own, in ECR")
    create.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="keep the archive, model.tar.gz, there"
    )
    create.add_argument("--yes", action="store_true", help="do not ask before it costs money")
    create.add_argument(
        "--accept-unknown", action="store_true", help="continue if a check can't be made"
    )
    status = actions.add_parser("status", help="show an endpoint, or list all of this program")
    delete = actions.add_parser("delete", help="delete an endpoint with all that belongs to it")
    for each in (status, delete):
        each.add_argument("run", metavar="RUN", nargs="?", help="the run that was deployed")
    for each in (create, status, delete):
        each.add_argument("--name", help=f"name of the endpoint ({PREFIX}RUN)")
        each.add_argument("--region", help="(the one of your AWS profile)")
    for each in (create, delete):
        each.add_argument("--bucket", help="for the archive (sagemaker-REGION-ACCOUNT)")


def run(options: argparse.Namespace) -> int:
    """Run the selected action.

    Raises:
        FmnistError: something is missing, or AWS refused it.
    """
    actions = {"sagemaker": _deploy, "status": _show_status, "delete": _delete}
    actions[options.action](options)
    return 0


def _deploy(options: argparse.Namespace) -> None:
    chosen = open_run(options.run)
    parse_role(options.role)
    clients = connect(options.region)
    with tempfile.TemporaryDirectory() as folder:
        archive = (options.output or Path(folder) / "model.tar.gz").resolve()
        build_archive(chosen, archive)
        _report(f"{archive.name}: {archive.stat().st_size / 1e6:.2f} MB")
        account, caller = identify_caller(clients)
        bucket = options.bucket or _name_bucket(clients, account)
        creates_bucket, bucket_check = inspect_bucket(clients, bucket)
        plan = Plan(
            name=choose_name(chosen.run_id, options.name),
            region=clients.region,
            account=account,
            bucket=bucket,
            creates_bucket=creates_bucket,
            role=options.role,
            instance=options.instance,
            image=options.image or find_image(clients.region),
            is_prebuilt=options.image is None,
        )
        checks = [bucket_check, *check_deployment(clients, plan, caller)]
        _show_checks(checks, plan, caller)
        if not options.dry_run:
            refuse(checks, accepts_unknown=options.accept_unknown)
            _confirm(plan, is_confirmed=options.yes)
            create_endpoint(clients, plan, archive, _report)
            print(f"{plan.name} is in service in {plan.region}. It costs {plan.price}.")
            print(f"Delete it: python -m fmnist deploy delete --name {plan.name}")
            return
    failed = sum(check.outcome is not Outcome.OK for check in checks)
    print(f"Nothing was created. An endpoint would cost {plan.price}.")
    if failed:
        raise DeploymentError(f"{failed} of the {len(checks)} checks failed or could not be made.")


def _show_checks(checks: list[Check], plan: Plan, caller: str) -> None:
    print(f"You are {caller}. To be created in {plan.region}: {plan.name}")
    for check in checks:
        print(f"{check.outcome:8} {check.title}{': ' + check.detail if check.detail else ''}")
    if any(check.outcome is not Outcome.OK for check in checks):
        policy = build_policy([*list_caller_needs(plan), *list_check_needs(plan)])
        print("The policy that you need, and nothing more, for the administrator:")
        print(json.dumps(policy, indent=2))


def _confirm(plan: Plan, *, is_confirmed: bool) -> None:
    """Ask for confirmation to create parts that cost money.

    Raises:
        DeploymentError: the answer is no, or no one can answer.
    """
    if is_confirmed:
        return
    if not sys.stdin.isatty():
        raise DeploymentError("Nothing was created: add --yes if no one can answer the question.")
    question = f"The endpoint costs {plan.price}, until it is deleted. Create it? [y/N] "
    if input(question).strip().lower() not in {"y", "yes"}:
        raise DeploymentError("Nothing was created.")


def _show_status(options: argparse.Namespace) -> None:
    clients = connect(options.region)
    if options.run is None and options.name is None:
        states = list_endpoints(clients)
        for name, state in states.items():
            print(f"{name}: {state}")
        if not states:
            print(f"There is no endpoint of this program in {clients.region}.")
        return
    name = choose_name(options.run or "", options.name)
    endpoint, instance = describe_endpoint(clients, name)
    hours = (datetime.now(UTC) - endpoint["CreationTime"]).total_seconds() / 3600
    print(f"{name}: {endpoint['EndpointStatus']}, {instance}, for {hours:.1f} hours")
    if reason := endpoint.get("FailureReason"):
        print(reason)


def _delete(options: argparse.Namespace) -> None:
    if options.run is None and options.name is None:
        raise DeploymentError("Name the run or the endpoint: deploy delete RUN, or --name NAME.")
    clients = connect(options.region)
    account, _ = identify_caller(clients)
    bucket = options.bucket or _name_bucket(clients, account)
    delete_deployment(clients, choose_name(options.run or "", options.name), bucket, print)


def _name_bucket(clients: Clients, account: str) -> str:
    """Return the default bucket of the SageMaker SDK."""
    return f"sagemaker-{clients.region}-{account}"


def _report(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
