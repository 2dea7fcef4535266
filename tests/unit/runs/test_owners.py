"""The owner of a run."""

from __future__ import annotations

from pathlib import Path

from fmnist.runs.files import write_json
from fmnist.runs.layout import STUDIES_FOLDER, STUDY_PLAN
from fmnist.runs.owners import find_person
from fmnist.runs.run import STUDY_OWNER


def test_run_of_a_study_belongs_to_who_asked_for_the_study(isolated: Path) -> None:
    assert find_person("Ada") == "Ada"
    folder = isolated / STUDIES_FOLDER / "search"
    folder.mkdir(parents=True)
    write_json(folder / STUDY_PLAN, {"owner": "Bob"})
    assert find_person(f"{STUDY_OWNER}search") == "Bob"
    assert find_person(f"{STUDY_OWNER}none") == ""


def test_name_of_a_study_is_no_path(isolated: Path) -> None:
    write_json(isolated / STUDY_PLAN, {"owner": "Bob"})
    (isolated / STUDIES_FOLDER).mkdir()
    assert find_person(f"{STUDY_OWNER}..") == ""
    assert find_person(f"{STUDY_OWNER}{isolated}") == ""
