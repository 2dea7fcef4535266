from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from fmnist.settings import PROJECT_DIR
from fmnist.ui.shell.exposure import describe_exposure
from tests.support.streamlit_options import set_options


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_a_private_server_has_no_warning(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_options(monkeypatch, address=address)
    assert describe_exposure() is None


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.0.7", "lab.example.org"])
def test_an_open_server_has_one(address: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    set_options(monkeypatch, address=address)
    warning = describe_exposure()
    assert warning is not None
    assert "FMNIST_CLASSROOM=1" in warning
    assert "every address" in warning or str(address) in warning
    monkeypatch.setenv("FMNIST_CLASSROOM", "1")
    assert describe_exposure() is None


def test_a_server_behind_a_proxy_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    set_options(monkeypatch, address="localhost", allowedHosts=["localhost", "lab.example.org"])
    warning = describe_exposure()
    assert warning is not None
    assert "answers at lab.example.org," in warning
    set_options(monkeypatch, address="localhost", allowedHosts=["localhost", "127.0.0.1"])
    assert describe_exposure() is None


@pytest.mark.usefixtures("isolated")
def test_pages_show_the_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    set_options(monkeypatch, address="0.0.0.0")
    page = AppTest.from_file(PROJECT_DIR / "pages" / "train.py", default_timeout=60).run()
    (warning,) = [caption.value for caption in page.caption if "can start, change" in caption.value]
    assert "every address of this machine" in warning
