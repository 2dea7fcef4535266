"""Tasks at the start of the server and while it runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import streamlit as st
from streamlit.cli_util import open_browser, print_to_cli
from streamlit.runtime import Runtime
from streamlit.web.server.server_util import get_display_address, get_url

from fmnist import settings
from fmnist.errors import AccessError
from fmnist.ui.server.sessions import free_closed_sessions, raise_file_limit
from fmnist.ui.shell.exposure import describe_exposure


@contextlib.asynccontextmanager
async def run_lifespan(_app: Any) -> AsyncIterator[None]:
    """Prepare the process and warn before the first request; free sessions until the end."""
    raise_file_limit()
    if (exposure := describe_exposure()) is not None:
        print_to_cli(f"  WARNING: {exposure}\n", fg="yellow")
    if settings.is_classroom():
        _print_new_pins()
    if not st.get_option("server.headless"):
        asyncio.get_running_loop().call_soon(_open_browser)
    sweep = asyncio.create_task(free_closed_sessions(Runtime.instance()))
    try:
        yield
    finally:
        sweep.cancel()


def _print_new_pins() -> None:
    """Print the PINs of a new class; of an older one, only hashes are kept."""
    from fmnist.access.pins import describe_pins, make_pins

    try:
        pins = make_pins(only_if_new=True)
    except AccessError as error:  # pages also show it
        print_to_cli(f"  {error}\n", fg="red")
        return
    if pins is not None:
        print_to_cli(f"  {describe_pins(pins)}\n", fg="yellow")


def _open_browser() -> None:
    """Open the app as ``streamlit run`` does for an app without middleware."""
    address = st.get_option("server.address") or "localhost"
    open_browser(get_url(get_display_address(address)))
