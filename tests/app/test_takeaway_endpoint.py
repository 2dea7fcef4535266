"""The page Take away, view Endpoint: its commands are those of the command line."""

from __future__ import annotations

import shlex

import pytest

from fmnist.__main__ import build_parser
from tests.support.pages import open_page, texts
from tests.support.runs import make_run


@pytest.fixture(autouse=True)
def no_processes(controlled: list[str]) -> None:
    """Nothing is started."""


def test_every_command_is_one_that_can_be_typed() -> None:
    make_run("finished", "first")
    app = open_page("takeaway", run="first", view="Endpoint")
    assert not app.exception
    prefix = "python -m fmnist "
    lines = [line for block in app.code for line in block.value.splitlines()]
    commands = [line.removeprefix(prefix) for line in lines if line.startswith(prefix)]
    assert [command.split()[0] for command in commands] == ["serve", "deploy", "deploy", "deploy"]
    for command in commands:
        options = build_parser().parse_args(shlex.split(command))
        assert options.run == "first"
    assert "costs about" in texts(app)
