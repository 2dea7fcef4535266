"""Don't drop pending messages of a page when one of its fragments reruns."""

from __future__ import annotations

from typing import Final

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

RETRY_SECONDS: Final = 0.005


class _PendingMessagesError(Exception):
    """The script has ended, and some of its messages are still pending."""


def drain_before_rerun() -> None:
    """Let a session forward all messages of a script before it starts the next script.

    Call it once, at the start. Streamlit drops the pending messages of a script that has ended when
    a fragment requests a rerun at that moment (``AppSession.request_rerun``). The busier the
    server, the more often elements of a new page were lost, and the browser failed to place the
    fragment's elements: "Bad delta path".
    """
    request, create = AppSession.request_rerun, AppSession._create_scriptrunner

    def create_when_drained(self: AppSession, initial_rerun_data: RerunData) -> None:
        # A clicked button need not wait, because Streamlit has already dropped the previous script.
        if self._scriptrunner is not None:
            raise _PendingMessagesError
        create(self, initial_rerun_data)

    def request_again_if_pending(self: AppSession, client_state: ClientState | None) -> None:
        try:
            request(self, client_state)
        except _PendingMessagesError:
            self._event_loop.call_later(RETRY_SECONDS, self.request_rerun, client_state)

    AppSession._create_scriptrunner = create_when_drained  # type: ignore[method-assign]
    AppSession.request_rerun = request_again_if_pending  # type: ignore[method-assign]
