"""Files, and runs as a zip: at an address that only the page tells, sent piece by piece."""

from __future__ import annotations

import asyncio
import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette

from fmnist.ui.server.downloads import ROUTES
from fmnist.ui.shell import download_links
from fmnist.ui.shell.download_links import add_bundle_link, add_file_link, take_content
from tests.support.runs import make_run


def fetch(path: str) -> tuple[int, dict[str, str], list[bytes]]:
    """Return status, headers and the pieces of the body."""
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [],
        "root_path": "",
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(Starlette(routes=ROUTES)(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, [message["body"] for message in sent[1:]]


@pytest.mark.parametrize("base", ["", "/lab/", "a/b"])
def test_a_link_leads_to_the_zip_of_its_runs(
    isolated: Path, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    runs = [make_run("finished", "first"), make_run("failed", "second")]
    (runs[0].path / "model.keras").write_bytes(b"x" * 2_000_000)
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": base}.get)
    link = add_bundle_link(["first", "second"])
    assert link.startswith(f"/{base.strip('/')}/downloads/".replace("//", "/"))
    assert link.endswith("/fashion-mnist-runs.zip")
    status, headers, pieces = fetch(link)
    assert status == 200
    assert headers["content-type"] == "application/zip"
    assert headers["content-disposition"] == "attachment"
    assert max(map(len, pieces)) < 1_000_000
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as bundle:
        assert bundle.testzip() is None
        assert {"first/model.keras", "second/recipe.json"} <= set(bundle.namelist())


def test_a_link_works_once_and_soon(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_run("finished", "a b")
    link = add_bundle_link(["a b"])
    assert link.endswith("/a%20b.zip")
    assert [fetch(link)[0], fetch(link)[0]] == [200, 204]
    monkeypatch.setattr(download_links, "LINK_SECONDS", -1.0)
    assert fetch(add_bundle_link(["a b"]))[0] == 204


def test_a_file_is_sent_in_pieces_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(b"x" * 2_000_000)
    link = add_file_link(path, "my run.keras")
    assert link.endswith("/my%20run.keras")
    status, headers, pieces = fetch(link)
    assert (status, headers["content-length"]) == (200, "2000000")
    assert headers["content-disposition"] == "attachment"
    assert max(map(len, pieces)) < 1_000_000
    assert b"".join(pieces) == path.read_bytes()
    gone = add_file_link(path, "my run.keras")
    path.unlink()
    assert fetch(gone)[0] == 404


@pytest.mark.parametrize("token", ["0" * 64, "..", "a"])
def test_nobody_guesses_a_link(isolated: Path, token: str) -> None:
    make_run("finished", "first")
    add_bundle_link(["first"])
    status, _, pieces = fetch(f"/downloads/{token}/first.zip")
    assert status == 204
    assert b"".join(pieces) == b""


def test_a_link_to_deleted_runs_says_so(isolated: Path) -> None:
    runs = [make_run("finished", "first"), make_run("finished", "second")]
    links = [add_bundle_link(["first", "second"]) for _ in range(2)]
    shutil.rmtree(runs[0].path)
    assert fetch(links[0])[0] == 200
    shutil.rmtree(runs[1].path)
    assert fetch(links[1])[0] == 404


def test_the_oldest_links_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_links, "_MAX_LINKS", 2)
    tokens = [add_bundle_link([name]).split("/")[2] for name in "abc"]
    assert [take_content(token) for token in tokens] == [(), ("b",), ("c",)]
