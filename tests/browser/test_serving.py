"""Behind nginx with TLS, as ``docs/serving.md`` shows it: base path, websocket, upload, sign-in."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import urllib3
from playwright.sync_api import Browser, expect

from fmnist.settings import PROJECT_DIR
from tests.support.browser import Tab, expect_title
from tests.support.browser_predict import build_png, expect_answer
from tests.support.nginx import BASE_PATH, Nginx
from tests.support.server import Folders, LabServer

pytestmark = [pytest.mark.slow, pytest.mark.processes]

OPTIONS = ("--server.baseUrlPath", BASE_PATH, "--server.allowedHosts", "localhost")


class Proxied(LabServer):
    """A server with a base path; its ``url`` becomes nginx's once that runs."""

    def __init__(self, folders: Folders, log: Path) -> None:
        super().__init__(folders, log, options=OPTIONS)
        self.url += f"/{BASE_PATH}"


@pytest.fixture
def proxied(
    own_folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Proxied]:
    """A server behind nginx, in classroom mode, with one run."""
    shutil.copytree(PROJECT_DIR / "models" / "cnn", own_folders.models / "cnn")
    monkeypatch.setenv("FMNIST_CLASSROOM", "1")
    server = Proxied(own_folders, tmp_path / "server.log")
    nginx = Nginx(tmp_path / "nginx", [server.port])
    server.start()
    nginx.start()
    server.url = nginx.url
    try:
        yield server
    finally:
        nginx.stop()
        server.stop()


def make_pins(folders: Folders) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "fmnist", "classroom", "--new-pins", "--json"],
        cwd=PROJECT_DIR, env=folders.environment(), capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def ask(server: Proxied, path: str = "", **headers: str) -> requests.Response:
    with pytest.warns(urllib3.exceptions.InsecureRequestWarning):
        return requests.get(f"{server.url}/{path}", headers=headers, verify=False, timeout=30)


@pytest.fixture
def tab(browser: Browser, proxied: Proxied) -> Iterator[Tab]:
    tab = Tab(browser, proxied.url, ignore_https_errors=True)  # the certificate is our own
    yield tab
    tab.close()


def test_requests_pass_nginx_as_documented(proxied: Proxied) -> None:
    page = ask(proxied)
    assert page.ok
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Strict-Transport-Security"]
    assert "lab_server=" in page.headers["Set-Cookie"]
    assert ask(proxied, Host="evil.example").status_code == 403
    assert ask(proxied, "_stcore/metrics").status_code == 404


def test_a_student_works_behind_nginx_as_documented(proxied: Proxied, tab: Tab) -> None:
    pins = make_pins(proxied.folders)
    page = tab.page
    page.goto(proxied.url)
    expect_title(page, "Sign in")
    page.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    page.get_by_role("textbox", name="Class PIN").fill(pins["class_pin"])
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    tab.wait_for_page("Fashion-MNIST Lab")
    expect(page.get_by_test_id("stSidebar").get_by_text("Ada")).to_be_visible()

    tab.open("predict?run=cnn&way=Upload")  # a deep link; the sign-in is kept
    page.locator("input[type=file]").first.set_input_files(
        {"name": "boot.png", "mimeType": "image/png", "buffer": build_png()}
    )
    expect_answer(tab)
    tab.go_to("Overview")
    assert page.url.rstrip("/") == proxied.url
    tab.go_to("Runs")
    assert page.url.startswith(f"{proxied.url}/runs")
    tab.check()
