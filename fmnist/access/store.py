"""The database of a class: ``models/.classroom/classroom.db``.

SQLite in WAL mode: readers never wait for a writer, and transactions are atomic even after ``kill
-9`` or a power failure. WAL needs shared memory, so all servers of one models folder must run on
one machine.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from fmnist import settings
from fmnist.errors import AccessError

SCHEMA_VERSION: Final = 1
"""Kept as SQLite's ``user_version``."""

BUSY_SECONDS: Final = 10.0
"""How long to wait for another process's transaction; each takes a few milliseconds."""

_SCHEMA: Final = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE people (
    name TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, role TEXT NOT NULL, code TEXT,
    created REAL NOT NULL, revoked REAL);
CREATE TABLE sessions (
    token TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES people, ends REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE attempts (id INTEGER PRIMARY KEY, key TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE limits (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE turns (owner TEXT PRIMARY KEY, turn INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
    action TEXT NOT NULL, subject TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TRIGGER changes_stay BEFORE UPDATE ON changes
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER changes_are_kept BEFORE DELETE ON changes
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""

_connections: dict[Path, sqlite3.Connection] = {}
"""One connection per database: opening one costs more than the queries of a click."""

_lock = threading.RLock()


def database_path() -> Path:
    """Return the path of the class's database, in the models folder."""
    return settings.models_dir() / ".classroom" / "classroom.db"


@contextmanager
def transaction() -> Iterator[sqlite3.Connection]:
    """Run a transaction; create the database if there is none.

    Keep it short: other threads and processes wait.

    Raises:
        AccessError: the database can't be read or written; the message names it.
    """
    with _lock, _told():
        database = _connect()
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
        except BaseException:
            database.rollback()
            raise
        database.commit()


def query(sql: str, *values: object) -> list[sqlite3.Row]:
    """Return the rows that a statement finds.

    Raises:
        AccessError: as for ``transaction``.
    """
    with _lock, _told():
        return _connect().execute(sql, values).fetchall()


def _connect() -> sqlite3.Connection:
    path = database_path()
    if path not in _connections or not path.exists():
        _connections[path] = _open(path)
    return _connections[path]


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Created before SQLite does, whose own files get the same mode.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    database = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("BEGIN IMMEDIATE")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version == 0:
        for statement in _split(_SCHEMA):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    database.commit()
    if version not in {0, SCHEMA_VERSION}:
        database.close()
        raise AccessError(
            f"{path} has version {version}; this program reads version {SCHEMA_VERSION}. Use the "
            "program that wrote it, or move the file away to begin with a new class."
        )
    return database


def _split(script: str) -> list[str]:
    """Split a script into statements, because ``executescript`` would end the transaction."""
    statements, rest = [], ""
    for part in script.split(";"):
        rest += f"{part};"
        if sqlite3.complete_statement(rest):
            statements.append(rest)
            rest = ""
    return statements


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise AccessError(
            f"{database_path()} can't be used: {error}. Free space, or restore the file from a "
            "backup."
        ) from error
