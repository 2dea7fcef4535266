"""A stroke, a file, and files that are no pictures, on the Predict page."""

from __future__ import annotations

import struct
import zlib

from playwright.sync_api import FilePayload, Page, expect

from tests.support.browser import OpenTab, expect_idle
from tests.support.browser_predict import build_png, draw_zigzag, expect_answer
from tests.support.server import LabServer


def build_bomb(side: int = 30_000) -> bytes:
    """Return a valid PNG of a few kilobytes that unpacks to ``side`` × ``side`` pixels."""

    def build_chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    packer = zlib.compressobj(1)
    row = bytes(1 + (side + 7) // 8)
    rows = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(build_chunk(*chunk) for chunk in chunks)


def choose_upload(page: Page) -> None:
    page.get_by_role("radio", name="Upload").click()
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()


def upload(page: Page, name: str, data: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files([file])


def test_a_stroke_gets_ten_probabilities(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "predict")
    draw_zigzag(tab.page)
    expect_answer(tab)
    expect(tab.page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_a_file_gets_ten_probabilities(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "predict")
    choose_upload(tab.page)
    upload(tab.page, "trousers.png", build_png())
    expect_answer(tab)
    expect(tab.page.get_by_text("Original: trousers.png")).to_be_visible()


def test_bad_files_get_a_message_each(demo_server: LabServer, open_tab: OpenTab) -> None:
    tab = open_tab(demo_server, "predict")
    choose_upload(tab.page)
    bad_files = {
        "letter.png": b"Dear Sir or Madam, this is no picture at all.",
        "torn.png": build_png()[:-40],
        "empty.png": b"",
        "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        "bomb.png": build_bomb(),
    }
    for name, data in bad_files.items():
        upload(tab.page, name, data)
        message = tab.page.get_by_test_id("stAlertContentError")
        expect(message).to_have_count(1)
        expect(message).to_contain_text(name)
        expect(message).not_to_contain_text("Traceback")
        tab.check()
        tab.page.get_by_role("button", name=f"Remove {name}").click()
        expect(message).to_have_count(0)
        expect_idle(tab.page)
    upload(tab.page, "trousers.png", build_png())
    expect_answer(tab)
