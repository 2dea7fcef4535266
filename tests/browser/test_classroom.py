"""Classroom mode: three browsers at once, and requests that skip the page."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.load_client import LoadClient
from fmnist.access.log import load_changes
from fmnist.access.pins import Pins, make_pins
from fmnist.access.roster import give_code, list_people, revoke
from fmnist.launching import list_queue
from fmnist.runs import list_deleted, list_runs
from tests.support.browser import OpenTab, Tab, click_button, expect_title
from tests.support.runs import make_owned_run
from tests.support.server import Folders, LabServer


@pytest.fixture
def class_folders(own_folders: Folders, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """Folders of the demo set, with no run."""
    monkeypatch.setenv("FMNIST_CLASSROOM", "1")
    monkeypatch.setenv("FMNIST_MODELS", str(own_folders.models))
    return own_folders


@pytest.fixture
def pins(class_folders: Folders) -> Pins:
    pins = make_pins()
    assert pins is not None
    return pins


@pytest.fixture
def class_server(pins: Pins, class_folders: Folders, tmp_path: Path) -> Iterator[LabServer]:
    server = LabServer(class_folders, tmp_path / "server.log")
    server.start()
    yield server
    server.stop()


def enter(tab: Tab, name: str, pin: str, code: str = "") -> None:
    """Fill in the form of the sign-in and wait for the page behind it."""
    tab.page.get_by_role("textbox", name="Name", exact=True).fill(name)
    tab.page.get_by_role("textbox", name="Class PIN").fill(pin)
    if code:
        tab.page.get_by_role("textbox", name="Your code").fill(code)
    click_button(tab.page, "Sign in")
    expect(tab.page.get_by_test_id("stSidebar").get_by_text(name)).to_be_visible()


def open_sign_in(open_tab: OpenTab, server: LabServer, path: str) -> Tab:
    tab = open_tab(server, path, title="Sign in")
    expect_title(tab.page, "Sign in")
    return tab


def test_teacher_student_and_guest_at_once(
    class_server: LabServer, open_tab: OpenTab, pins: Pins
) -> None:
    teacher = open_sign_in(open_tab, class_server, "")
    student = open_sign_in(open_tab, class_server, "train?network=baseline")
    guest = open_sign_in(open_tab, class_server, "train")
    enter(teacher, "Grace", pins.teacher_pin)
    enter(student, "Ada", pins.class_pin)
    click_button(guest.page, "Look around as a guest")
    expect(guest.page.get_by_text("You look around as a guest.")).to_be_visible()

    expect(student.page.get_by_text("Your code is")).to_be_visible()
    click_button(student.page, "I have written it down")
    expect(student.page.get_by_text("Your code is")).to_have_count(0)

    for tab in (student, guest):
        navigation = tab.page.get_by_test_id("stSidebarNav")
        expect(navigation.get_by_role("link", name="Classroom")).to_have_count(0)
    teacher.go_to("Classroom")
    click_button(teacher.page, "Pause the queue")
    expect(teacher.page.get_by_role("button", name="Resume the queue")).to_be_visible()

    click_button(student.page, "Start training")
    expect(student.page.get_by_text("A teacher has paused the queue")).to_be_visible()
    (run,) = list_queue()
    assert run.owner == "Ada"

    student.page.reload()  # its browser is known by a cookie
    student.wait_for_page("Train")
    expect(student.page.get_by_test_id("stSidebar").get_by_text("Ada (student)")).to_be_visible()

    guest.go_to("Runs")
    guest.go_to("Train")
    cancel = guest.page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_disabled()
    expect(guest.page.get_by_role("button", name="Start training")).to_be_disabled()
    expect(student.page.get_by_role("button", name="Cancel")).to_be_enabled()

    teacher.page.get_by_label("Name", exact=True).click()
    teacher.page.get_by_role("option", name="Ada").click()
    expect(teacher.page.get_by_role("button", name="New code")).to_be_visible()  # of a student
    click_button(teacher.page, "Revoke")
    expect(teacher.page.get_by_role("button", name="Readmit")).to_be_visible()
    # The student's page watches a run, so it is drawn again without a click.
    expect_title(student.page, "Sign in")
    expect(student.page.get_by_text("Ada is signed out")).to_be_visible()
    assert [run.run_id for run in list_runs()] == [run.run_id]

    click_button(teacher.page, "Clear runs")
    expect(teacher.page.get_by_text(f"{run.run_id} was deleted")).to_be_visible()
    assert list_deleted() == [run.run_id]
    click_button(teacher.page, "Undo")
    expect(teacher.page.get_by_text("was deleted")).to_have_count(0)
    assert list_deleted() == []


def test_sign_in_survives_kill_9_of_the_server(
    class_server: LabServer, open_tab: OpenTab, pins: Pins
) -> None:
    tab = open_sign_in(open_tab, class_server, "runs")
    enter(tab, "Ada", pins.class_pin)
    code = tab.page.get_by_text("Your code is").inner_text().partition("is ")[2][:7]
    class_server.kill()
    class_server.start()
    tab.faults.clear()  # the connection was lost
    tab.page.reload()
    tab.wait_for_page("Runs")
    tab.faults.clear()
    expect(tab.page.get_by_test_id("stSidebar").get_by_text("Ada (student)")).to_be_visible()
    other = open_sign_in(open_tab, class_server, "runs")
    enter(other, "Ada", pins.class_pin, code)


def test_request_that_skips_the_page_changes_nothing(class_server: LabServer, pins: Pins) -> None:
    """A program speaks the protocol: it presses buttons that its page shows disabled or not at all.

    The student's own button has the id of the same button of another's run.
    """
    make_owned_run("finished", "theirs", "Bob")
    make_owned_run("finished", "mine", "Ada")

    async def attack() -> None:
        async with LoadClient(class_server.url) as client:
            await client.open_page("train")
            assert not find_buttons(client, "Start training")
            await press(client, "Look around as a guest")
            start = find_buttons(client, "Start training")[0]
            await client.set_widget(start, trigger_value=True)
            await client.open_page("runs")  # takes the guest away from the sign-in for good
        async with LoadClient(class_server.url) as client:
            await client.open_page("train", "run=mine")
            await sign_in_by_form(client, "Ada", pins.class_pin)
            delete = find_buttons(client, "Delete")[0]
            await client.open_page("train", "run=theirs")
            await client.set_widget(delete, trigger_value=True)
            assert {run.run_id for run in list_runs()} == {"theirs", "mine"}
            await client.open_page("train", "run=mine")
            await client.set_widget(delete, trigger_value=True)

    run_apart(attack())
    assert [run.run_id for run in list_runs()] == ["theirs"]
    assert list_deleted() == ["mine"]
    assert {change.subject for change in load_changes() if change.outcome == "done"} == {"mine"}
    assert [member.name for member in list_people()] == ["Ada"]


def test_session_signed_out_meanwhile_presses_in_vain(class_server: LabServer, pins: Pins) -> None:
    """Its page still shows the button, enabled; the name was revoked since it was drawn."""
    make_owned_run("finished", "mine", "Ada")

    async def attack() -> None:
        async with LoadClient(class_server.url) as client:
            await client.open_page("train", "run=mine")
            await sign_in_by_form(client, "Ada", pins.class_pin)
            delete = find_buttons(client, "Delete")[0]
            revoke("Ada")
            await client.set_widget(delete, trigger_value=True)
            assert [heading.body for heading in client.find("heading")] == ["Sign in"]

    run_apart(attack())
    assert [run.run_id for run in list_runs()] == ["mine"]
    assert [change.outcome for change in load_changes()] == ["refused"]


def run_apart(attack: Coroutine[Any, Any, None]) -> None:
    """Run it in a separate thread: Playwright has an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, attack).result()


def find_buttons(client: LoadClient, label: str) -> list[str]:
    """Return the ids of the buttons of a label, disabled or not."""
    return [button.id for button in client.find("button") if button.label == label]


async def press(client: LoadClient, label: str) -> None:
    await client.set_widget(find_buttons(client, label)[0], trigger_value=True)


async def sign_in_by_form(client: LoadClient, name: str, pin: str) -> None:
    code = give_code(name)
    values = {"Name": name, "Class PIN": pin, "Your code, if you used this name before": code}
    for field in client.find("text_input"):
        if field.label in values:
            client._widgets[field.id] = WidgetState(id=field.id, string_value=values[field.label])
    await press(client, "Sign in")
    assert not find_buttons(client, "Look around as a guest")
