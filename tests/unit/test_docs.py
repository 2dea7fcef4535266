"""The documentation names what exists: files, commands, environment variables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fmnist.__main__ import build_parser
from fmnist.settings import PROJECT_DIR

ARCHITECTURE = (PROJECT_DIR / "docs" / "architecture.md").read_text("utf-8")
README = (PROJECT_DIR / "README.md").read_text("utf-8")


def find_section(heading: str) -> str:
    """Return the text of one section of docs/architecture.md."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", ARCHITECTURE, re.M | re.S)
    return section


def find_missing(path: str) -> str | None:
    """Return what does not exist of a path; of one with a placeholder, its folder has to."""
    fixed = re.split(r"NAME|<", path)[0]
    folder = fixed if fixed == path else fixed.rpartition("/")[0]
    return None if (PROJECT_DIR / folder).exists() else path


def find_paths(text: str) -> list[str]:
    """Return what stands in backticks and is a path: it has a slash or a file's ending."""
    return [
        word
        for word in re.findall(r"`([^`\s]+)`", text)
        if "/" in word or re.search(r"\.(py|md|toml|in)$", word)
    ]


def list_changes() -> list[str]:
    section = find_section("To add …, touch these files")
    return re.findall(r"^- (.*?)(?=^- |^#|\Z)", section, re.M | re.S)


def test_every_kind_of_change_names_its_files() -> None:
    changes = " ".join(re.findall(r"\*\*(.*?)\*\*", "\n".join(list_changes())))
    for kind in (
        "network", "setting", "chart", "step of the picture", "run directory", "metric",
        "explainer", "export format", "executor",
    ):  # fmt: skip
        assert kind in changes


def test_a_bullet_has_one_kind_of_change() -> None:
    assert [change for change in list_changes() if change.count("**") != 2] == []


@pytest.mark.parametrize("change", list_changes(), ids=lambda line: line[:40])
def test_files_to_touch_exist(change: str) -> None:
    paths = find_paths(change)
    assert paths, "the line names no file"
    assert [path for path in paths if find_missing(path)] == []


def test_paths_with_a_placeholder_need_their_folder() -> None:
    assert find_missing("fmnist/networks/NAME.py") is None
    assert find_missing("fmnist/ui/<page>/") is None
    assert find_missing("fmnist/nothing/NAME.py") == "fmnist/nothing/NAME.py"
    assert find_missing("fmnist/networks/nothing.py") == "fmnist/networks/nothing.py"


def list_commands() -> list[str]:
    (commands,) = [action.choices for action in build_parser()._actions if action.choices]
    return list(commands)


@pytest.mark.parametrize("command", list_commands())
def test_readme_names_every_command(command: str) -> None:
    assert re.search(rf"-m fmnist {command}\b", README)


def find_variables(*places: str) -> set[str]:
    """Return the environment variables of ours that the Python files below the places name."""
    paths = [path for place in places for path in (PROJECT_DIR / place).rglob("*.py")]
    texts = [path.read_text("utf-8") for path in [*paths, PROJECT_DIR / "app.py"]]
    return {name for text in texts for name in re.findall(r"\bFMNIST_[A-Z_]*[A-Z]\b", text)}


def test_environment_variables_are_those_of_the_settings_table() -> None:
    table = re.findall(r"^\| `(FMNIST_\w+)` \|", find_section("Environment variables"), re.M)
    assert len(table) == len(set(table))
    assert set(table) == find_variables("fmnist", "pages")


@pytest.mark.parametrize(
    "page", sorted((PROJECT_DIR / "docs").rglob("*.md")), ids=lambda page: page.stem
)
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize(
    "page", sorted((PROJECT_DIR / "docs" / "decisions").glob("*.md")), ids=lambda page: page.stem
)
def test_modules_that_a_decision_names_exist(page: Path) -> None:
    rooms = ("fmnist/", "pages/", "tests/", "benchmarks/", "docs/")
    paths = [path for path in find_paths(page.read_text("utf-8")) if path.startswith(rooms)]
    assert [path for path in paths if find_missing(path)] == []
