from __future__ import annotations

import json
import os
import sys

import pytest

from fmnist.__main__ import main
from fmnist.access.log import load_changes
from fmnist.access.people import find_person, sign_in
from tests.support.classroom import Classroom, open_classroom


@pytest.fixture
def classroom(isolated: object, monkeypatch: pytest.MonkeyPatch) -> Classroom:
    return open_classroom(monkeypatch)


def test_shows_addresses_limits_and_people(
    classroom: Classroom, capsys: pytest.CaptureFixture[str]
) -> None:
    classroom.join("Ada", "token-1")
    assert main(["classroom", "--json", "--port", "8600"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["limits"]["waiting"] == 3
    assert [(p["name"], p["role"], p["is_signed_in"]) for p in values["people"]] == [
        ("Ada", "student", True)
    ]
    assert all(address.endswith(":8600") for address in values["addresses"])
    assert main(["classroom"]) == 0
    assert "Ada (student, signed in)" in capsys.readouterr().out


def test_new_pins_replace_the_old_ones(
    classroom: Classroom, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["classroom", "--new-pins", "--json"]) == 0
    pins = json.loads(capsys.readouterr().out)
    sign_in("Ada", pins["class_pin"], "", "token-1")
    assert find_person("token-1") is not None
    assert load_changes()[0].action == "new pins"


def test_revokes_readmits_and_gives_a_code(
    classroom: Classroom, capsys: pytest.CaptureFixture[str]
) -> None:
    classroom.join("Ada", "token-1")
    assert main(["classroom", "--revoke", "Ada"]) == 0
    assert find_person("token-1") is None
    assert main(["classroom", "--readmit", "ada"]) == 0
    capsys.readouterr()
    assert main(["classroom", "--new-code", "Ada", "--json"]) == 0
    classroom.join("Ada", "token-1", code=json.loads(capsys.readouterr().out)["code"])
    assert main(["classroom", "--revoke", "Eve"]) == 1
    assert "no one named Eve" in capsys.readouterr().err


def test_serving_becomes_streamlit_on_every_address(
    isolated: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def become(_program: str, command: list[str]) -> None:
        commands.append(command)
        raise SystemExit

    monkeypatch.setattr(os, "execv", become)
    monkeypatch.setenv("FMNIST_CLASSROOM", "")
    monkeypatch.delenv("FMNIST_CLASSROOM")
    with pytest.raises(SystemExit):
        main(["classroom", "--serve", "--port", "8600"])
    (command,) = commands
    assert command[:5] == [sys.executable, "-m", "streamlit", "run", "app.py"]
    assert command[command.index("--server.address") + 1] == "0.0.0.0"
    assert os.environ["FMNIST_CLASSROOM"] == "1"
    monkeypatch.delenv("FMNIST_CLASSROOM")
