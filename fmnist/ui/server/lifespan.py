"""What happens when the server starts and while it runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any, Final

import streamlit as st
from streamlit.cli_util import open_browser, print_to_cli
from streamlit.web.server.server_util import get_display_address, get_url

from fmnist.ui.shell.exposure import describe_exposure

_LOGGER: Final = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def run_lifespan(_app: Any) -> AsyncIterator[None]:
    """Raise the limit of open files, warn, and open the browser, before the first request."""
    if (exposure := describe_exposure()) is not None:
        print_to_cli(f"  WARNING: {exposure}\n", fg="yellow")
    if not st.get_option("server.headless"):
        asyncio.get_running_loop().call_soon(_open_browser)
    yield


def _open_browser() -> None:
    """Open the app as ``streamlit run`` does for an app without middleware."""
    address = st.get_option("server.address") or "localhost"
    open_browser(get_url(get_display_address(address)))
