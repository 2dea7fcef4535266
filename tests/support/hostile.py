"""Texts that other people could have chosen, in every place that a page shows, and what to do
with them: to find them again on a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from fmnist.runs import Notes, Recipe, create_run, save_notes
from fmnist.runs.files import write_json
from tests.support.runs import HISTORY, STEPS, make_run, write_launch, write_report, write_status

TEXT = (
    '![b](http://evil.example/b.png) <img src="http://evil.example/i.png"> '
    "[l](http://evil.example) :red[c] :material/home: :smile: $x$ `y` www.evil.example"
)
SHORT = "![b](//evil.example/b) <b>"
AUTOLINK = "www.evil.example"
"""The name of a run may be this: letters and dots."""

READ_AS_MARKUP = re.compile(
    r"(?<!\\)!\[b\]|(?<!\\)\[[lc]\]|(?<!\\)\]\(|https?://evil|www\.evil|(?<!\\)<(?:img|b)\b"
    r"|:red(?<!\\)\[|:material/home:|:smile:|(?<!\\)\$x|(?<!\\)`y"
)
"""What of them Streamlit would read as more than text."""

READ_AS_HTML = re.compile(r"<img src=.https?://evil")
"""What of them a browser would read as more than text, where a page shows HTML."""

_SHOWN = {"body", "label", "help", "caption", "text", "legend", "placeholder", "delta"}
"""Fields of Streamlit's messages that it reads as Markdown."""

_PLAIN = {"code", "text_input", "text_area", "arrow_data_frame", "file_uploader", "html"}
"""Elements whose text is a value, not Markdown."""


def make_hostile_runs() -> None:
    """Create a finished, a failed, a running and a queued run with such texts in every file."""
    finished = create_run(Recipe("baseline"), run_id=AUTOLINK, owner=TEXT)
    (finished.path / "history.csv").write_text(HISTORY)
    (finished.path / "steps.csv").write_text(STEPS)
    write_report(finished)
    report: dict[str, Any] = json.loads(finished.report_path.read_text())
    report |= {"network": TEXT, "command": TEXT, "created": f"{SHORT[:10]}"}
    report["hardware"] = {"processor": TEXT, "cores": 2, "accelerators": [TEXT]}
    write_json(finished.report_path, report)
    (finished.path / "model.keras").write_bytes(b"no model")
    save_notes(finished, Notes(TEXT, (SHORT,)))
    failed = create_run(Recipe("baseline", start_from=TEXT), run_id="_failed_", owner=TEXT)
    write_launch(failed, alive=False)
    write_status(failed, "failed", error=TEXT)
    running = create_run(Recipe("baseline"), run_id="running", owner=TEXT)
    write_launch(running, alive=True)
    write_status(running, "running", phase=TEXT)
    waiting = create_run(Recipe("baseline"), run_id="__waits__", owner=TEXT)
    assert waiting.path.is_dir()
    make_run("finished", "plain")


def list_html(app: AppTest) -> list[str]:
    """Return the HTML that a page shows as it is."""
    return [node.proto.body for node in app.get("html")]


def list_shown(app: AppTest) -> Iterator[str]:
    """Yield every text of a page that Streamlit reads as Markdown."""
    for root in (app.main, app.sidebar):
        for node in root:
            proto = getattr(node, "proto", None)
            if isinstance(proto, Message) and getattr(node, "type", "") not in _PLAIN:
                yield from _list_texts(proto)


def _list_texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        parts = [value] if isinstance(value, str | bytes | Message) else value
        if not hasattr(parts, "__iter__") or isinstance(parts, dict):
            continue
        for part in parts:
            if isinstance(part, Message):
                yield from _list_texts(part)
            elif isinstance(part, str) and field.name in _SHOWN:
                yield part
