"""Serve a class, list its people, create new PINs, or revoke a name.

Without an option it prints the addresses of this machine, the people, and how the class is set up.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import socket
import sys
from typing import Any, Final

import psutil

from fmnist import settings

DEFAULT_PORT: Final = 8501


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--serve", action="store_true", help="start the server, for everyone on the network"
    )
    what.add_argument("--new-pins", action="store_true", help="replace both PINs and print them")
    what.add_argument(
        "--new-code", metavar="NAME", help="print a new code for a name, which is added if new"
    )
    what.add_argument("--revoke", metavar="NAME", help="sign a name out and refuse it from now on")
    what.add_argument("--readmit", metavar="NAME", help="let a revoked name sign in again")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help=f"of the server (default: {DEFAULT_PORT})"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Run the command.

    Raises:
        AccessError: the class's database can't be used, or there is no such name.
    """
    from fmnist.access.pins import describe_pins, make_pins
    from fmnist.access.roster import give_code, readmit, revoke

    if options.serve:
        return _serve(options.port)
    if options.new_pins:
        pins = make_pins()
        assert pins is not None
        _log("new pins", "")
        _print(options, dataclasses.asdict(pins), describe_pins(pins))
    elif options.new_code is not None:
        code = give_code(options.new_code)
        _log("new code", options.new_code)
        values = {"name": options.new_code, "code": code}
        _print(options, values, f"Code of {options.new_code}: {code}")
    elif options.revoke is not None:
        revoke(options.revoke)
        _log("revoke", options.revoke)
        _print(options, {"revoked": options.revoke}, f"{options.revoke} is revoked.")
    elif options.readmit is not None:
        readmit(options.readmit)
        _log("readmit", options.readmit)
        _print(options, {"readmitted": options.readmit}, f"{options.readmit} may sign in again.")
    else:
        _show(options)
    return 0


def list_addresses(port: int) -> list[str]:
    """Return the URLs at which others on the network reach a server on a port."""
    hosts = [
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET and not address.address.startswith("127.")
    ]
    return [f"http://{host}:{port}" for host in hosts or ["localhost"]]


def _show(options: argparse.Namespace) -> None:
    from fmnist.access.limits import load_limits
    from fmnist.access.roster import list_people
    from fmnist.access.store import database_path
    from fmnist.access.turns import is_paused

    values: dict[str, Any] = {
        "addresses": list_addresses(options.port),
        "database": str(database_path()),
        "queue_paused": is_paused(),
        "limits": load_limits(),
        "people": [dataclasses.asdict(member) for member in list_people()],
    }
    lines = [f"Addresses: {', '.join(values['addresses'])}", f"Database: {values['database']}"]
    lines += ["The queue is paused."] if values["queue_paused"] else []
    lines += [f"{name}: {value:,}" for name, value in values["limits"].items()]
    lines += [
        f"{member['name']} ({member['role']}"
        + (", revoked" if member["is_revoked"] else "")
        + (", signed in)" if member["is_signed_in"] else ")")
        for member in values["people"]
    ]
    _print(options, values, "\n".join(lines))


def _serve(port: int) -> int:
    """Replace this process with the server, which prints the PINs of a new class itself."""
    print(f"Tell your class: {' or '.join(list_addresses(port))}", file=sys.stderr, flush=True)
    os.environ.setdefault("FMNIST_CLASSROOM", "1")
    os.chdir(settings.PROJECT_DIR)
    where = ["--server.address", "0.0.0.0", "--server.port", str(port), "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *where]
    os.execv(sys.executable, command)


def _log(action: str, subject: str) -> None:
    from fmnist.access.log import record_change
    from fmnist.access.roles import Person, Role

    record_change(Person("command line", Role.TEACHER), action, subject)


def _print(options: argparse.Namespace, values: dict[str, Any], text: str) -> None:
    print(json.dumps(values, indent=1) if options.json else text)
