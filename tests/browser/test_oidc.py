"""Sign-in by OpenID Connect, against a provider on loopback."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, expect

from fmnist.access.roster import list_people, revoke
from tests.support.browser import Tab, click_button, expect_title
from tests.support.server import Folders, LabServer

pytestmark = [pytest.mark.slow, pytest.mark.processes]

ACCOUNTS = (
    User(sub="grace", claims={"email": "Grace@example.org", "email_verified": True}),
    User(sub="ada", claims={"email": "ada@example.org", "email_verified": True}),
    User(sub="mallory", claims={"email": "grace@example.org", "email_verified": False}),
)

SECRETS = """
[auth]
redirect_uri = "{server}/oauth2callback"
cookie_secret = "of this test alone, and long enough"
client_id = "lab"
client_secret = "shared"
server_metadata_url = "{provider}/.well-known/openid-configuration"

[classroom]
teachers = ["grace@example.org"]
"""


@pytest.fixture
def provider() -> Iterator[str]:
    """The address of an identity provider with the accounts above."""
    with run_server_in_thread(user_claims=ACCOUNTS) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def class_server(
    provider: str, own_folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LabServer]:
    """A server in classroom mode that offers the provider's accounts, with no run."""
    monkeypatch.setenv("FMNIST_CLASSROOM", "oidc")
    monkeypatch.setenv("FMNIST_MODELS", str(own_folders.models))
    secrets = tmp_path / "secrets.toml"
    server = LabServer(
        own_folders, tmp_path / "server.log", options=["--secrets.files", str(secrets)]
    )
    secrets.write_text(SECRETS.format(server=server.url, provider=provider))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sign_in(browser: Browser, class_server: LabServer) -> Iterator[Callable[[str], Tab]]:
    """Sign in as an account of the provider, each time in a separate browser session."""
    tabs: list[Tab] = []

    def sign_in_one(account: str) -> Tab:
        tab = Tab(browser, class_server.url)
        tabs.append(tab)
        tab.open("", "Sign in")
        click_button(tab.page, "Sign in with your school's account")
        tab.page.get_by_role("button", name=account, exact=True).click()
        return tab

    yield sign_in_one
    assert "Traceback" not in class_server.read_log()
    for tab in tabs:
        tab.close()


def expect_person(tab: Tab, name: str, role: str) -> None:
    """Wait for the name in the sidebar, where a word joiner keeps the address from being a link."""
    shown = re.compile(name.replace("@", "@\u2060?") + rf" \({role}\)")
    expect(tab.page.get_by_test_id("stSidebar").get_by_text(shown)).to_be_visible()


def test_roles_come_from_verified_addresses(sign_in: Callable[[str], Tab]) -> None:
    student = sign_in("ada")
    expect_person(student, "ada@example.org", "student")
    navigation = student.page.get_by_test_id("stSidebarNav")
    expect(navigation.get_by_role("link", name="Classroom")).to_have_count(0)

    teacher = sign_in("grace")
    expect_person(teacher, "Grace@example.org", "teacher")
    teacher.go_to("Classroom")

    impostor = sign_in("mallory")
    expect_title(impostor.page, "Sign in")
    assert len(list_people()) == 2

    student.page.get_by_test_id("stSidebar").get_by_role("button", name="Sign out").click()
    student.page.wait_for_url("**/end_session?**")  # the provider asks whether to sign out there
    student.page.goto(student.url)
    expect_title(student.page, "Sign in")


def test_a_revoked_account_stays_outside(sign_in: Callable[[str], Tab]) -> None:
    student = sign_in("ada")
    expect_person(student, "ada@example.org", "student")
    revoke("ada@example.org")
    student.page.reload()
    expect_title(student.page, "Sign in")
