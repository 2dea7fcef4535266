"""Runs the endpoint's application: its socket, loading its network, shutdown."""

from __future__ import annotations

import ipaddress
import signal
import socket
import sys
import threading
from collections.abc import Callable

import uvicorn

from fmnist.errors import FmnistError, RequestError
from fmnist.network_process import explain_error
from fmnist.runs import Run
from fmnist.serving import limits
from fmnist.serving.app import build_app
from fmnist.serving.network import ServedNetwork


def serve_run(run: Run, host: str, port: int, report: Callable[[str], None]) -> None:
    """Serve a run's network until SIGTERM or Ctrl-C.

    Then no new connection is accepted, and requests in progress have ``limits.DRAIN_SECONDS`` to
    end.

    Args:
        run: the run whose network is served.
        host: the address to listen on.
        port: 0 for any free one.
        report: shows a line to the person who started the server.

    Raises:
        FmnistError: the address can't be listened on, or the network can't be loaded.
    """
    listener = _listen(host, port)
    network = ServedNetwork(run)
    server = uvicorn.Server(
        uvicorn.Config(
            build_app(network),
            http="h11",
            ws="none",  # there are none, and their library takes time to import
            lifespan="off",
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_keep_alive=limits.KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=limits.DRAIN_SECONDS,
        )
    )
    faults: list[FmnistError] = []

    def load() -> None:
        try:
            network.load()
        # Any error: otherwise the server would never become ready.
        except Exception as error:  # noqa: BLE001
            faults.append(explain_error(error))
            server.should_exit = True
        else:
            report(f"{run.run_id} is ready.")

    # The server raises the signal again when it has ended; the process has nothing left to do then.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    where = f"http://{_format_host(host)}:{listener.getsockname()[1]}"
    report(f"{run.run_id} is served at {where}/invocations; {where}/docs explains how to use it.")
    if not is_loopback(host):
        report("WARNING: anyone who can reach this machine can use the endpoint; no sign-in.")
    threading.Thread(target=load, daemon=True).start()
    server.run(sockets=[listener])
    if faults:
        raise faults[0]


def is_loopback(host: str) -> bool:
    """Return whether an address is reachable only from this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _format_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=limits.MAX_REQUESTS)
    except (OSError, UnicodeError, OverflowError) as error:
        raise RequestError(
            f"The endpoint can't listen on {host}, port {port}: {error}. Choose another port, such"
            f" as --port {limits.DEFAULT_PORT + 1}, or an address of this machine."
        ) from error
