from __future__ import annotations

from fmnist.ui.server.headers import build_headers


def read_policy() -> dict[str, list[str]]:
    text = dict(build_headers())[b"content-security-policy"].decode()
    return {name: values for name, *values in (part.split() for part in text.split("; "))}


def test_no_source_is_another_server() -> None:
    for name, values in read_policy().items():
        assert values, name
        assert not any(
            "*" in value or "http" in value or "unsafe-eval" in value for value in values
        )


def test_scripts_within_the_page_are_those_of_streamlit() -> None:
    scripts = read_policy()["script-src"]
    assert "'unsafe-inline'" not in scripts
    assert sum(value.startswith("'sha256-") for value in scripts) == 1


def test_no_other_site_frames_a_page() -> None:
    assert read_policy()["frame-ancestors"] == ["'self'"]
    assert dict(build_headers())[b"x-frame-options"] == b"SAMEORIGIN"
