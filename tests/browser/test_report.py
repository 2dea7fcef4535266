"""The report as a person opens it: without a network, in light and dark, on a phone, on paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from fmnist.runs import open_run
from fmnist.takeaway.report import build_report

WHITE = "rgb(255, 255, 255)"


def test_report_opens_without_a_network(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FMNIST_MODELS", raising=False)
    path = tmp_path / "cnn.html"
    path.write_text(build_report([open_run("cnn")]), "utf-8")
    assert path.stat().st_size < 10_000_000
    grounds = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(
            offline=True, color_scheme=scheme, viewport={"width": 400, "height": 800}
        )
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda message, faults=faults: faults.append(message.text))
        page.on("request", lambda request, faults=faults: faults.append(request.url))
        page.goto(path.as_uri())
        expect(page.get_by_role("heading", level=1)).to_have_text("Model card: cnn")
        expect(page.get_by_role("img", name="Accuracy by confidence")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 400
        grounds[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert faults == [path.as_uri()]
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == WHITE
        context.close()
    assert grounds["light"] != grounds["dark"]
