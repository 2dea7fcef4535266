from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from fmnist.access import attempts, people, store
from fmnist.access.people import admit, clean_name, find_person, sign_in, sign_out
from fmnist.access.pins import make_pins
from fmnist.access.roles import Person, Role
from fmnist.access.roster import give_code, list_people, readmit, revoke
from fmnist.errors import AccessError
from tests.support.classroom import Classroom


def test_new_name_gets_a_code_and_is_signed_in(classroom: Classroom) -> None:
    code = classroom.join("Ada", "token-1")
    assert len(code) == 6
    assert code.isdigit()
    assert find_person("token-1") == Person("Ada", Role.STUDENT)
    assert find_person("token-2") is None


def test_known_name_needs_its_code(classroom: Classroom) -> None:
    code = classroom.join("Ada", "token-1")
    with pytest.raises(AccessError, match="needs its code"):
        classroom.join("ada", "token-2")
    assert find_person("token-2") is None
    assert classroom.join("ADA", "token-2", code=f"{code[:3]} {code[3:]}") == ""
    assert find_person("token-2") == Person("Ada", Role.STUDENT)


def test_teacher_signs_in_by_the_teachers_pin_alone(classroom: Classroom) -> None:
    assert classroom.join("Grace", "token-1", teacher=True) == ""
    assert find_person("token-1") == Person("Grace", Role.TEACHER)
    with pytest.raises(AccessError, match="don't fit"):
        classroom.join("Grace", "token-2")


def test_teachers_pin_opens_no_students_name(classroom: Classroom) -> None:
    classroom.join("Ada", "token-1")
    with pytest.raises(AccessError, match="don't fit"):
        classroom.join("Ada", "token-2", teacher=True)


@pytest.mark.parametrize("pin", ["", "000000", "0000000000", "١٢٣٤٥٦", "x" * 10_000])
def test_wrong_pin_signs_nobody_in(classroom: Classroom, pin: str) -> None:
    if pin in {classroom.pins.class_pin, classroom.pins.teacher_pin}:
        pin = "111111"
    with pytest.raises(AccessError, match="don't fit"):
        sign_in("Ada", pin, "", "token-1")
    assert find_person("token-1") is None
    assert list_people() == []


@pytest.mark.parametrize(
    "name",
    ["", " ", "-a", "a" * 41, "study cnn", "Study Page", "GUEST", "you", "a\nb<", "a\u202eb",
     "![b](http://x)", "=1+1"],
)  # fmt: skip
def test_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(AccessError, match="can't be a name"):
        clean_name(name)


def test_name_has_one_form() -> None:
    assert clean_name("  Zoe\u0308  O'Hara ") == "Zoë O'Hara"


def test_failed_sign_ins_of_a_name_are_limited(classroom: Classroom) -> None:
    for _ in range(attempts.SIGN_IN_ATTEMPTS):
        with pytest.raises(AccessError, match="don't fit"):
            sign_in("Ada", "wrong", "", "token-1")
    with pytest.raises(AccessError, match=r"for this name\. Wait 5 minutes"):
        classroom.join("Ada", "token-1")
    classroom.join("Bob", "token-2")
    assert find_person("token-2") is not None


def test_attempts_made_at_once_are_counted_one_by_one(classroom: Classroom) -> None:
    """Each is counted before it is checked: else all would be checked before one is counted."""

    def attempt(number: int) -> str:
        with pytest.raises(AccessError) as caught:
            sign_in("Ada", f"{number:06d}x", "", "token-1")
        return str(caught.value)

    with ThreadPoolExecutor(20) as pool:
        messages = list(pool.map(attempt, range(40)))
    assert sum("don't fit" in message for message in messages) == attempts.SIGN_IN_ATTEMPTS


def test_failed_sign_ins_of_all_names_are_limited(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "SIGN_IN_ATTEMPTS_IN_ALL", 3)
    for name in ("A", "B", "C"):
        with pytest.raises(AccessError, match="don't fit"):
            sign_in(name, "wrong", "", "token-1")
    with pytest.raises(AccessError, match="Too many failed sign-ins in this class"):
        classroom.join("D", "token-1")


def test_attempts_are_forgotten_with_time_and_success(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = classroom.join("Ada", "token-0")
    for number in range(2 * attempts.SIGN_IN_ATTEMPTS):
        classroom.join("Ada", f"token-{number}", code=code)
    for _ in range(attempts.SIGN_IN_ATTEMPTS):
        with pytest.raises(AccessError, match="don't fit"):
            sign_in("Ada", "wrong", "", "token-1")
    monkeypatch.setattr(attempts, "SIGN_IN_SECONDS", -1)
    classroom.join("Ada", "token-9", code=code)


def test_revoked_name_is_signed_out_and_refused_until_readmitted(classroom: Classroom) -> None:
    code = classroom.join("Ada", "token-1")
    revoke("ada")
    assert find_person("token-1") is None
    with pytest.raises(AccessError, match="Ada was revoked"):
        classroom.join("Ada", "token-1", code=code)
    readmit("Ada")
    assert find_person("token-1") is None
    classroom.join("Ada", "token-1", code=code)
    assert find_person("token-1") is not None


def test_revoking_nobody_says_so(classroom: Classroom) -> None:
    with pytest.raises(AccessError, match="no one named Eve"):
        revoke("Eve")


def test_new_code_ends_the_old_one_and_its_sessions(classroom: Classroom) -> None:
    old = classroom.join("Ada", "token-1")
    new = give_code("ada")
    assert find_person("token-1") is None
    if old != new:
        with pytest.raises(AccessError, match="don't fit"):
            classroom.join("Ada", "token-1", code=old)
    classroom.join("Ada", "token-1", code=new)


def test_code_for_a_new_name_adds_it(classroom: Classroom) -> None:
    classroom.join("Bob", "token-1", code=give_code("Bob"))
    assert [(m.name, m.role, m.is_signed_in) for m in list_people()] == [
        ("Bob", Role.STUDENT, True)
    ]


def test_teacher_has_no_code(classroom: Classroom) -> None:
    classroom.join("Grace", "token-1", teacher=True)
    with pytest.raises(AccessError, match="is a teacher"):
        give_code("Grace")


def test_name_of_earlier_runs_is_not_given_away(classroom: Classroom) -> None:
    with pytest.raises(AccessError, match="Runs from before belong to the name keen otter 42"):
        sign_in("keen otter 42", classroom.pins.class_pin, "", "t", is_taken=lambda _: True)
    assert list_people() == []


def test_session_ends_by_sign_out_and_with_time(
    classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = classroom.join("Ada", "token-1")
    sign_out("token-1")
    assert find_person("token-1") is None
    monkeypatch.setattr(people, "SESSION_HOURS", 0)
    classroom.join("Ada", "token-1", code=code)
    assert find_person("token-1") is None


def test_person_from_another_service_has_the_role_given(classroom: Classroom) -> None:
    assert admit("ada@school.example", Role.STUDENT) == Person("ada@school.example", Role.STUDENT)
    assert admit("ADA@school.example", Role.TEACHER) == Person("ada@school.example", Role.TEACHER)
    revoke("ada@school.example")
    assert admit("ada@school.example", Role.STUDENT) is None


def test_name_added_twice_at_once_belongs_to_one(classroom: Classroom) -> None:
    people.add_person("Ada", Role.STUDENT, "")
    with pytest.raises(AccessError, match="was taken just now"):
        people.add_person("Ada", Role.STUDENT, "")


def test_no_secret_is_in_the_database(classroom: Classroom) -> None:
    code = classroom.join("Ada", "secret-token")
    folder = store.database_path().parent
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    for secret in (classroom.pins.class_pin, classroom.pins.teacher_pin, code, "secret-token"):
        assert secret.encode() not in content
    assert b"Ada" in content


def test_pins_of_a_database_stay_unless_asked(classroom: Classroom) -> None:
    assert make_pins(only_if_new=True) is None
    classroom.join("Ada", "token-1")
    assert make_pins() is not None
    with pytest.raises(AccessError, match="don't fit"):
        classroom.join("Bob", "token-2")
    assert find_person("token-1") is not None
