"""Any body is answered, by a 200 or by a 4xx with a remedy: no error of the program, no hang."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from starlette.testclient import TestClient

from fmnist.serving.app import build_app
from fmnist.serving.bodies import MEDIA_TYPES
from tests.support.fuzz import SEED, scale_count
from tests.support.serving import load_baseline

N_BODIES = scale_count(10_000)
GROUPS = 20
"""Tests that share the bodies, so that a failing one is found sooner."""

JUNK = (
    b"\x00", b"\xff", b"NaN", b"-1", b"1e999", b"256", b"null", b"true", b'""', b"[", b"]", b"{}",
    b",", b"\n", b"\r", b'"instances"', b"[[[[[[[[", b"9" * 5_000, "\N{SNOWMAN}".encode(), b"1_0",
    b"\xed\xa0\x80", b'"\\ud800"', b"-0.0", b"0x10", b"1e2",
)  # fmt: skip


def draw_image_body(rng: np.random.Generator, media_type: str) -> bytes:
    """Return a right body of one to three images."""
    rows = rng.integers(0, 256, (int(rng.integers(1, 4)), 784)).tolist()
    if MEDIA_TYPES[media_type] == "text/csv":
        return "\n".join(",".join(map(str, row)) for row in rows).encode()
    if MEDIA_TYPES[media_type] == "application/json":
        return json.dumps({str(rng.choice(["instances", "inputs"])): rows}).encode()
    return "\n".join(map(json.dumps, rows)).encode()


def insert_junk(rng: np.random.Generator, body: bytes) -> bytes:
    place = int(rng.integers(0, len(body) + 1))
    return body[:place] + JUNK[int(rng.integers(len(JUNK)))] + body[place:]


def cut(rng: np.random.Generator, body: bytes) -> bytes:
    start, end = sorted(rng.integers(0, len(body) + 1, 2).tolist())
    return body[:start] + body[end:]


def flip(rng: np.random.Generator, body: bytes) -> bytes:
    content = bytearray(body)
    for place in rng.integers(0, len(content), 3) if content else ():
        content[int(place)] = int(rng.integers(256))
    return bytes(content)


def repeat(rng: np.random.Generator, body: bytes) -> bytes:
    return body * int(rng.integers(2, 6))


def replace(rng: np.random.Generator, body: bytes) -> bytes:
    return b"".join(JUNK[int(i)] for i in rng.integers(len(JUNK), size=int(rng.integers(1, 30))))


CHANGES: tuple[Callable[[np.random.Generator, bytes], bytes], ...] = (
    insert_junk, cut, flip, repeat, replace,
)  # fmt: skip


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(build_app(load_baseline()), raise_server_exceptions=False)


@pytest.mark.parametrize("group", range(GROUPS))
def test_any_body_is_answered(client: TestClient, group: int) -> None:
    for number in range(group, N_BODIES, GROUPS):
        rng = np.random.default_rng(SEED + number)
        media_type = str(rng.choice(list(MEDIA_TYPES)))
        body = draw_image_body(rng, media_type)
        for _ in range(int(rng.integers(0, 4))):
            body = CHANGES[int(rng.integers(len(CHANGES)))](rng, body)
        response = client.post("/invocations", content=body, headers={"Content-Type": media_type})
        assert response.status_code in {200, 400, 413}, number
        if response.status_code != 200:
            assert set(response.json()) == {"error"}, number
            assert len(response.json()["error"]) < 500, number
