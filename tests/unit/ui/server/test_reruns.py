from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession, AppSessionState

from fmnist.ui.server.reruns import RETRY_SECONDS, drain_before_rerun


class Runner:
    """A script that has ended, so it takes no requests; or one that is new."""

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.on_event = self

    def request_rerun(self, _data: Any) -> bool:
        return False

    def request_stop(self) -> None: ...
    def connect(self, _receiver: Any) -> None: ...
    def start(self) -> None: ...


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppSession]:
    """A session whose script has ended, while its last messages are still on their way."""
    for name in ("request_rerun", "_create_scriptrunner"):
        monkeypatch.setattr(AppSession, name, getattr(AppSession, name))
    drain_before_rerun()
    monkeypatch.setattr(app_session, "ScriptRunner", Runner)
    monkeypatch.setattr(AppSession, "has_fragment", lambda _self, _name: True)
    monkeypatch.setattr(AppSession, "_unsettle", lambda _self: None)
    session = AppSession.__new__(AppSession)
    vars(session).update(
        dict.fromkeys(
            (
                *("id", "_uploaded_file_mgr", "_script_cache", "_user_info", "_fragment_storage"),
                "_on_script_error",
                *("_pages_manager", "_local_sources_watcher", "_session_state"),
            )
        ),
        _state=AppSessionState.APP_IS_RUNNING,
        _client_state=ClientState(),
        _script_data=type("Script", (), {"main_script_path": "app.py"}),
        _script_event_loop=asyncio.new_event_loop(),
        _scriptrunner=Runner(),
    )
    yield session
    session._state = AppSessionState.SHUTDOWN_REQUESTED  # there is nothing to shut down
    session._script_event_loop.close()


def test_a_part_waits_until_the_page_has_been_passed_on(session: AppSession) -> None:
    ended = session._scriptrunner

    async def refresh() -> None:
        session._event_loop = asyncio.get_running_loop()
        session.request_rerun(ClientState(fragment_id="part"))
        assert session._scriptrunner is ended  # whose messages are taken
        session._scriptrunner = None  # the last one, which says that it has ended
        await asyncio.sleep(4 * RETRY_SECONDS)

    asyncio.run(refresh())
    assert session._scriptrunner.given["initial_rerun_data"].fragment_id == "part"


def test_a_click_does_not_wait(session: AppSession) -> None:
    ended = session._scriptrunner
    session.request_rerun(ClientState())
    assert session._scriptrunner is not ended
