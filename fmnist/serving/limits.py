"""The port and the limits of the endpoint."""

from __future__ import annotations

import os
from typing import Final

DEFAULT_PORT: Final = 8080
"""Default port of the endpoint, required by SageMaker."""

MAX_REQUESTS: Final = 64
"""Maximum number of concurrent requests; with bodies of 10 MB, they take 640 MB."""

REQUEST_SECONDS: Final = 30.0
"""Maximum time for a request's body to arrive: 10 MB at 3 Mbit/s."""

KEEP_ALIVE_SECONDS: Final = 75
"""How long the endpoint keeps an idle connection: longer than load balancers, which close theirs
after a minute. A request in transit when the endpoint closes the connection is lost."""

DRAIN_SECONDS: Final = 25
"""Time for requests to finish after SIGTERM; SageMaker kills the container after 30 s."""


def endpoint_port() -> int:
    """Return the port required by SageMaker (``SAGEMAKER_BIND_TO_PORT``), or 8080."""
    value = os.environ.get("SAGEMAKER_BIND_TO_PORT", "").strip()
    return int(value) if value.isdecimal() else DEFAULT_PORT
