"""Pages opened by a person of the class."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from fmnist.access.roster import list_people
from fmnist.settings import PROJECT_DIR
from fmnist.ui.shell.access import Visit
from tests.support.classroom import Classroom
from tests.support.pages import read_state


def enter(classroom: Classroom, page: str, name: str = "", **query: str) -> AppTest:
    """Open a page as a student; as a guest without a name, as the teacher by the name Grace."""
    app = AppTest.from_file(str(PROJECT_DIR / "app.py"), default_timeout=60)
    visit = read_state(app, Visit)
    if name:
        known = {member.name for member in list_people()}
        assert name not in known
        classroom.join(name, visit.token, teacher=name == "Grace")
    else:
        visit.is_guest = True
    app.run()
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def enter_alone(classroom: Classroom, page: str, name: str) -> AppTest:
    """Open a page without the router, under which AppTest sends no forms."""
    app = AppTest.from_file(str(PROJECT_DIR / "pages" / f"{page}.py"), default_timeout=60)
    classroom.join(name, read_state(app, Visit).token, teacher=name == "Grace")
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, key: str) -> AppTest:
    """Click a button."""
    return app.button(key=key).click().run()


def toasts(app: AppTest) -> str:
    """Return the texts of the toasts."""
    return " ".join(toast.value for toast in app.toast)
