"""How much uploaded content a session and the server hold in memory.

Streamlit keeps every uploaded file until the session ends, and the 10 MB of a photo are of no use
once it was read. So what is held is limited when it arrives, and a page that has read a picture
keeps the reduced one instead (``shrink_upload``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from fmnist import settings
from fmnist.errors import AccessError, ImageError

_SESSION_FULL: Final = "application/x-refused-session"
_SERVER_FULL: Final = "application/x-refused-server"
"""Media types under which a file that there was no room for is kept, without its content."""

_FOLLOWERS: Final[dict[str, Callable[[str, str, bytes], None]]] = {}
"""For each session, what is called with its uploads."""


class LimitedUploads(MemoryUploadedFileManager):
    """Holds uploaded files as Streamlit does, within ``settings``' limits of bytes.

    A file beyond them is kept without its content, so that the page can say what became of it.
    """

    def add_file(self, session_id: str, file: UploadedFileRec) -> None:
        """Take in an uploaded file; called by the server for each request."""
        with self._lock:
            held = self.file_storage.get(session_id, {})
            is_new = file.file_id not in held
            others = (each for each in held.values() if each.file_id != file.file_id)
            of_session = len(file.data) + sum(len(each.data) for each in others)
            of_server = self._total_bytes + len(file.data)
        if of_session > load_session_limit() * 2**20:
            file = file._replace(type=_SESSION_FULL, data=b"")
        elif of_server > settings.SERVER_UPLOAD_MB * 2**20:
            file = file._replace(type=_SERVER_FULL, data=b"")
        super().add_file(session_id, file)
        if is_new and session_id in _FOLLOWERS:
            _FOLLOWERS[session_id](file.name, file.type, file.data)

    def remove_session_files(self, session_id: str) -> None:
        """Drop the files of a session that has ended, and stop following its uploads."""
        _FOLLOWERS.pop(session_id, None)
        super().remove_session_files(session_id)


def follow_uploads(take: Callable[[str, str, bytes], None]) -> None:
    """Call ``take`` with each file that this session uploads from now on, as it arrives.

    Args:
        take: gets its name, media type and content; must not block. It replaces the one before.
    """
    context = get_script_run_ctx()
    if context is not None:
        _FOLLOWERS[context.session_id] = take


def load_session_limit() -> int:
    """Return how many MiB a session may hold; a teacher can change it in classroom mode."""
    if not settings.is_classroom():
        return settings.SESSION_UPLOAD_MB
    from fmnist.access.limits import load_limits

    try:
        return load_limits()["upload_mb"]
    except AccessError:  # pages say so
        return settings.SESSION_UPLOAD_MB


def limit_uploads() -> None:
    """Let the server's manager of uploaded files be a ``LimitedUploads``; called by every page."""
    context = get_script_run_ctx()
    manager = context.uploaded_file_mgr if context else None
    if type(manager) is MemoryUploadedFileManager:
        # Streamlit has no setting for its class, and its upload route holds this very object.
        cast("Any", manager).__class__ = LimitedUploads


def load_upload(file: Any) -> bytes:
    """Return the content of an uploaded file.

    Args:
        file: what ``st.file_uploader`` or ``st.camera_input`` returned, or a pasted one.

    Raises:
        ImageError: there was no room for it.
    """
    kind = getattr(file, "type", "")
    if kind == _SESSION_FULL:
        raise ImageError(
            f"{file.name} was not accepted: a session holds at most {load_session_limit()} MB"
            " of new files at a time. Remove it from the list and choose it again."
        )
    if kind == _SERVER_FULL:
        raise ImageError(
            f"{file.name} was not accepted: all people's new files together have more than"
            f" {settings.SERVER_UPLOAD_MB} MB now. Remove it from the list and choose it again."
        )
    data: bytes = file.getvalue()
    return data


def shrink_upload(file: Any, content: bytes) -> None:
    """Replace the content of an uploaded file, in this object and where Streamlit keeps it.

    Args:
        file: as for ``load_upload``.
        content: what is read from now on; where it isn't smaller, nothing happens.
    """
    context = get_script_run_ctx()
    if len(content) >= len(file.getbuffer()):
        return
    file.seek(0)
    file.truncate()
    file.write(content)
    file.seek(0)
    if context is None or not hasattr(file, "file_id"):  # a pasted one
        return
    manager, session = context.uploaded_file_mgr, context.session_id
    for record in manager.get_files(session, [file.file_id]):
        cast("MemoryUploadedFileManager", manager).add_file(session, record._replace(data=content))
