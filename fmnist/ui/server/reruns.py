"""Nothing that a page has sent is lost when a part of it asks to be drawn again."""

from __future__ import annotations

from typing import Final

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

RETRY_SECONDS: Final = 0.005


class _NotHeardOutError(Exception):
    """The script has ended, and some of what it sent still waits to be passed on."""


def hear_scripts_out() -> None:
    """Let a session pass on all that a script has sent before it starts the next one.

    Call it once, at the start. Streamlit forgets what waits of a script that has ended when a part
    that refreshes itself asks for its turn just then (``AppSession.request_rerun``). The busier the
    server, the more often elements of a new page were lost, and the browser failed at the part's
    answer: "Bad delta path".
    """
    request, create = AppSession.request_rerun, AppSession._create_scriptrunner

    def create_once_heard_out(self: AppSession, initial_rerun_data: RerunData) -> None:
        # Who presses a button is not made to wait: Streamlit has dropped the script before.
        if self._scriptrunner is not None:
            raise _NotHeardOutError
        create(self, initial_rerun_data)

    def request_again_if_not(self: AppSession, client_state: ClientState | None) -> None:
        try:
            request(self, client_state)
        except _NotHeardOutError:
            self._event_loop.call_later(RETRY_SECONDS, self.request_rerun, client_state)

    AppSession._create_scriptrunner = create_once_heard_out  # type: ignore[method-assign]
    AppSession.request_rerun = request_again_if_not  # type: ignore[method-assign]
