"""The command line: help, exit status, what cannot be parsed."""

from __future__ import annotations

import argparse

import pytest

from fmnist.__main__ import build_parser, main

COMMANDS = ("data", "train", "evaluate", "predict", "export")


def parser_of(command: str) -> argparse.ArgumentParser:
    (commands,) = [
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    return commands.choices[command]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_says_what_it_does(command: str) -> None:
    for action in parser_of(command)._actions:
        assert action.help, f"{command} {action.option_strings or action.dest} has no help"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"python -m fmnist {command}" in capsys.readouterr().out


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(command in text for command in COMMANDS)


@pytest.mark.parametrize(
    "words", [[], ["fly"], ["train", "--epochs", "x"], ["predict"], ["evaluate"], ["export"]]
)
def test_what_can_not_be_parsed_has_exit_status_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
