"""The port and the limits of the endpoint."""

from __future__ import annotations

import os
from typing import Final

DEFAULT_PORT: Final = 8080
"""Of the endpoint: the one that SageMaker asks."""

MAX_REQUESTS: Final = 64
"""Most requests that the endpoint answers at a time: with bodies of 10 MB they take 640 MB."""

REQUEST_SECONDS: Final = 30.0
"""Longest time in which a request's body may arrive: 10 MB at 3 Mbit/s."""

KEEP_ALIVE_SECONDS: Final = 75
"""How long the endpoint keeps an idle connection: longer than load balancers, which close theirs
after a minute. A request on its way while the endpoint closes the connection is lost."""

DRAIN_SECONDS: Final = 25
"""Time that requests have to end after SIGTERM; SageMaker kills the container after 30 s."""


def endpoint_port() -> int:
    """Return the port that SageMaker asks for (``SAGEMAKER_BIND_TO_PORT``), else 8080."""
    value = os.environ.get("SAGEMAKER_BIND_TO_PORT", "").strip()
    return int(value) if value.isdecimal() else DEFAULT_PORT
