"""Runs a Dockerfile without Docker: in a folder, with a plain virtual environment.

The commands are read from the Dockerfile itself, so that what is tested is what it says. The base
image, the user and the volumes are not imitated; an absolute path lies below the folder.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
SECONDS = 1_800.0


def read_instructions(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each instruction with its arguments."""
    text = re.sub(r"^#.*\n", "", path.read_text("utf-8"), flags=re.M).replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip():
            name, _, arguments = line.partition(" ")
            yield name, arguments.strip()


def list_context() -> list[str]:
    """Return the files of the repository that .dockerignore lets through."""
    rules = (PROJECT_DIR / ".dockerignore").read_text("utf-8").split()
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=PROJECT_DIR, capture_output=True, text=True, check=True)

    def is_sent(name: str) -> bool:
        sent = True
        parents = [name, *(str(parent) for parent in Path(name).parents)]
        for rule in rules:
            pattern = rule.removeprefix("!").rstrip("/")
            if any(fnmatch.fnmatchcase(each, pattern.removeprefix("**/")) for each in parents):
                sent = rule.startswith("!")
        return sent

    return [name for name in done.stdout.splitlines() if is_sent(name)]


@dataclass
class Container:
    """A Dockerfile's result.

    Attributes:
        root: the folder that stands for ``/``.
        folder: the working directory.
        environment: the environment of its commands.
        command: what it runs.
        health: the command of its health check.
    """

    root: Path
    folder: Path
    environment: dict[str, str]
    command: list[str] = field(default_factory=list)
    health: str = ""

    def locate(self, text: str) -> str:
        """Return a text with its absolute paths below the root."""
        return re.sub(r"(?<![\w./:])/(?=(?:app|data|opt)\b)", f"{self.root}/", text)

    def is_healthy(self) -> bool:
        """Run the health check."""
        done = subprocess.run(
            self.health, shell=True, cwd=self.folder, env=self.environment, capture_output=True,
            check=False, timeout=60,
        )  # fmt: skip
        return done.returncode == 0

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        """Run its command, with what is added on the command line of ``docker run``."""
        self.environment |= variables
        return subprocess.Popen(
            [*self.command, *arguments], cwd=self.folder, env=self.environment,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip


def build(dockerfile: Path, root: Path) -> Container:
    """Execute a Dockerfile.

    Raises:
        subprocess.CalledProcessError: a command failed.
        ValueError: there is an instruction that this module does not know.
    """
    subprocess.run([sys.executable, "-m", "venv", str(root / "venv")], check=True)
    # Where this machine's pip finds packages; an image's has the settings of who builds it.
    kept = {k: v for k, v in os.environ.items() if k == "HOME" or k.startswith("PIP_")}
    environment = kept | {"PATH": f"{root / 'venv/bin'}:/usr/bin:/bin", "LANG": "C.UTF-8"}
    container = Container(root, root, environment)
    context = list_context()
    for name, arguments in read_instructions(dockerfile):
        match name:
            case "FROM":
                if not arguments.startswith("python:"):
                    raise ValueError(f"{arguments} is no base with Python.")
            case "WORKDIR":
                container.folder = Path(container.locate(arguments))
                container.folder.mkdir(parents=True)
            case "COPY":
                source, target = arguments.split()
                _copy(context, source, container.folder / container.locate(target))
            case "RUN":
                owner = f"{os.getuid()}:{os.getgid()}"
                command = container.locate(arguments).replace("1000:1000", owner)
                subprocess.run(
                    command, shell=True, cwd=container.folder, env=environment, check=True,
                    timeout=SECONDS,
                )  # fmt: skip
            case "ENV":
                pairs = (pair.partition("=") for pair in shlex.split(arguments))
                environment |= {key: container.locate(value) for key, _, value in pairs}
            case "HEALTHCHECK":
                container.health = arguments.partition("CMD ")[2]
            case "CMD" | "ENTRYPOINT":
                container.command = json.loads(arguments)
            case "USER" | "VOLUME" | "EXPOSE":
                pass
            case _:
                raise ValueError(f"{name} is not known here.")
    container.environment = environment
    return container


def _copy(context: list[str], source: str, target: Path) -> None:
    """Copy a file into a folder, or the content of a folder (its name ends in a slash)."""
    found = [name for name in context if name == source or name.startswith(source)]
    if not found:
        raise ValueError(f".dockerignore keeps {source} out.")
    for name in found:
        place = target / (name.removeprefix(source) if source.endswith("/") else name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT_DIR / name, place)
