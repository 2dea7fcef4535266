"""The command line: ``python -m fmnist COMMAND``.

Results go to standard output, progress to standard error. The exit status is 0 only if everything
succeeded. Each command does what the page of the same name does, with the same functions.
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
from collections.abc import Sequence
from typing import Any, Final

from fmnist.errors import FmnistError

_COMMANDS: Final = (
    "data",
    "train",
    "study",
    "evaluate",
    "compare",
    "labels",
    "map",
    "predict",
    "explain",
    "export",
    "serve",
    "script",
    "notebooks",
    "deploy",
    "report",
    "classroom",
)
"""Each a module of ``fmnist.commands``, imported when it is asked for: ``train`` must work where
the libraries of the others are not installed."""


def _load(name: str) -> Any:
    return importlib.import_module(f"fmnist.commands.{name}")


def build_parser(names: Sequence[str] = _COMMANDS) -> argparse.ArgumentParser:
    """Return the parser of some commands, of all unless they are named."""
    parser = argparse.ArgumentParser(
        prog="python -m fmnist", description="Fashion-MNIST Lab on the command line."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in names:
        module = _load(name)
        summary = (module.__doc__ or "").splitlines()[0]
        module.add_arguments(commands.add_parser(name, help=summary, description=summary))
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    _escape_what_can_not_be_encoded()
    given = list(sys.argv[1:] if arguments is None else arguments)
    options = build_parser(given[:1] if given and given[0] in _COMMANDS else _COMMANDS).parse_args(
        given
    )
    try:
        return int(_load(options.command).run(options))
    except FmnistError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the program that reads the output, such as head, has read enough
        sys.stdout = None  # nothing more to write to it at the end
        return 0


def _escape_what_can_not_be_encoded() -> None:
    """Let ``print`` escape letters that the terminal's encoding lacks, where it would fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
