from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fmnist.access import store
from fmnist.access.log import load_changes, record_change
from fmnist.access.people import find_person
from fmnist.access.roles import GUEST
from fmnist.errors import AccessError
from fmnist.settings import PROJECT_DIR
from tests.support.classroom import Classroom

WRITE_FOREVER = """
from fmnist.access.log import record_change
from fmnist.access.roles import GUEST
number = 0
while True:
    record_change(GUEST, "write", str(number))
    print(number, flush=True)
    number += 1
"""


def test_files_are_for_their_owner_alone(classroom: Classroom) -> None:
    folder = store.database_path().parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert "classroom.db-wal" in modes


def test_transaction_that_fails_changes_nothing(classroom: Classroom) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as database:
        database.execute("INSERT INTO facts VALUES ('a', 'b')")
        _ = 1 / 0
    assert store.query("SELECT * FROM facts WHERE name = 'a'") == []


def test_database_of_another_version_is_left_alone(classroom: Classroom) -> None:
    with store.transaction() as database:
        database.execute("PRAGMA user_version = 7")
    store._connections.clear()
    with pytest.raises(AccessError, match="version 7; this program reads version 1"):
        store.query("SELECT 1")


def test_damaged_database_is_named(isolated: Path) -> None:
    path = store.database_path()
    path.parent.mkdir()
    path.write_bytes(b"no database, " * 1000)
    with pytest.raises(AccessError, match=r"classroom\.db can't be used.*restore the file"):
        store.query("SELECT 1")


def test_people_survive_a_restart(classroom: Classroom) -> None:
    classroom.join("Ada", "token-1")
    code = "from fmnist.access.people import find_person; print(find_person('token-1').name)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_DIR, capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "Ada"


@pytest.mark.processes
def test_what_was_written_survives_kill_9(classroom: Classroom) -> None:
    """Two writers are killed; each line that they reported is there, and the file is whole."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE_FOREVER], cwd=PROJECT_DIR, stdout=subprocess.PIPE,
            text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        for _ in range(2)
    ]  # fmt: skip
    reported = []
    for writer in writers:
        assert writer.stdout is not None
        reported.append([int(writer.stdout.readline()) for _ in range(20)])
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        assert writer.stdout is not None
        rest = writer.stdout.read().splitlines(keepends=True)
        reported.append([int(line) for line in rest if line.endswith("\n")])
        writer.wait(30)
    written = [int(change.subject) for change in load_changes(1_000_000)]
    for number in {number for numbers in reported for number in numbers}:
        times = sum(number in numbers for numbers in reported)
        assert written.count(number) >= times
    path = store.database_path()
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    record_change(GUEST, "write", "after")
    assert find_person("nobody") is None
