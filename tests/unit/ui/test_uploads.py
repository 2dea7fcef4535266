"""What a session and the server hold of uploaded files is limited."""

from __future__ import annotations

import pytest
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from fmnist import settings
from fmnist.errors import ImageError
from fmnist.ui.shell.uploads import LimitedUploads, load_upload, shrink_upload

MB = 2**20


@pytest.fixture
def uploads() -> LimitedUploads:
    return LimitedUploads("/upload")


def add(uploads: LimitedUploads, session: str, file_id: str, megabytes: int) -> UploadedFile:
    data = bytes(megabytes * MB)
    uploads.add_file(session, UploadedFileRec(file_id, f"{file_id}.png", "image/png", data))
    (record,) = uploads.get_files(session, [file_id])
    return UploadedFile(record, FileURLs())


def measure(uploads: LimitedUploads) -> int:
    return sum(len(file.data) for held in uploads.file_storage.values() for file in held.values())


def test_message_names_the_limit_that_a_teacher_has_set(
    uploads: LimitedUploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fmnist.ui.shell.uploads.load_session_limit", lambda: 5)
    with pytest.raises(ImageError, match="at most 5 MB"):
        load_upload(add(uploads, "one", "a", 6))


def test_a_session_holds_no_more_than_its_limit(uploads: LimitedUploads) -> None:
    files = [add(uploads, "one", str(number), 10) for number in range(60)]
    assert measure(uploads) == settings.SESSION_UPLOAD_MB * MB
    assert len(load_upload(files[14])) == 10 * MB
    with pytest.raises(ImageError) as caught:
        load_upload(files[15])
    assert "15.png was not accepted: a session holds at most 150 MB" in str(caught.value)
    assert "Remove it from the list and choose it again" in str(caught.value)
    assert len(load_upload(add(uploads, "another", "a", 10))) == 10 * MB


def test_all_sessions_together_hold_no_more_than_the_servers_limit(
    uploads: LimitedUploads,
) -> None:
    sessions = [f"{number}" for number in range(5)]
    files = [add(uploads, session, f"{n}", 10) for session in sessions for n in range(10)]
    assert measure(uploads) == settings.SERVER_UPLOAD_MB * MB
    with pytest.raises(ImageError, match="all people's new files together"):
        load_upload(files[-1])


def test_what_a_session_held_goes_with_it(uploads: LimitedUploads) -> None:
    for number in range(20):
        add(uploads, "one", str(number), 10)
    uploads.remove_session_files("one")
    assert measure(uploads) == 0
    assert len(load_upload(add(uploads, "one", "again", 10))) == 10 * MB


def test_a_file_that_is_sent_again_counts_once(uploads: LimitedUploads) -> None:
    for _ in range(30):
        file = add(uploads, "one", "same", 10)
    assert len(load_upload(file)) == 10 * MB


def test_a_file_is_replaced_by_a_smaller_one_only(uploads: LimitedUploads) -> None:
    file = add(uploads, "one", "a", 1)
    shrink_upload(file, bytes(2 * MB))
    assert len(load_upload(file)) == MB
    shrink_upload(file, b"reduced")
    assert load_upload(file) == b"reduced"
