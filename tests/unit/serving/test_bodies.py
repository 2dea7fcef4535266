from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from fmnist.errors import RequestError
from fmnist.serving.bodies import CSV, JSON, JSON_LINES, MAX_IMAGES, parse_images, parse_media_type

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.uint8)
FLAT = IMAGES.reshape(3, 784).tolist()


def dump_lines(rows: list[Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def dump_csv(rows: list[Any], end: str = "\n") -> bytes:
    return end.join(",".join(map(str, row)) for row in rows).encode()


@pytest.mark.parametrize(
    ("content", "media_type", "key"),
    [
        (json.dumps({"instances": IMAGES.tolist()}).encode(), JSON, "predictions"),
        (json.dumps({"instances": FLAT}).encode(), JSON, "predictions"),
        (json.dumps({"inputs": IMAGES[..., None].tolist()}).encode(), JSON, "outputs"),
        (json.dumps(FLAT).encode(), JSON, "predictions"),
        (json.dumps({"instances": np.array(FLAT, float).tolist()}).encode(), JSON, "predictions"),
        (dump_lines(FLAT), JSON_LINES, "predictions"),
        (b"\n" + dump_lines(IMAGES.tolist()), "application/x-ndjson", "predictions"),
        (dump_csv(FLAT), CSV, "predictions"),
        (dump_csv(np.array(FLAT, float).tolist(), "\r\n") + b"\r\n", CSV, "predictions"),
    ],
)
def test_every_form_of_a_body_gives_the_same_images(
    content: bytes, media_type: str, key: str
) -> None:
    images, found = parse_images(content, media_type)
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, IMAGES)
    assert found == key


ROW = FLAT[0]


@pytest.mark.parametrize(
    ("content", "media_type", "words"),
    [
        (b"", JSON, "is not JSON"),
        (b"\xff\xfe", JSON, "not UTF-8 text at byte 0"),
        (b"{", JSON, "is not JSON"),
        (b"[" * 100_000, JSON, "nested too deeply"),
        (b"[" * 90 + b"]" * 90, JSON, "length or depth"),
        (b"3", JSON, '"instances" or "inputs"'),
        (b"{}", JSON, '"instances" or "inputs"'),
        (json.dumps({"instances": [ROW], "inputs": [ROW]}).encode(), JSON, '"instances" or'),
        (b'{"instances": 3}', JSON, "is not a list"),
        (b'{"instances": []}', JSON, "no image"),
        (b'{"instances": [[]]}', JSON, "shape 1 × 0"),
        (json.dumps({"instances": IMAGES[0].tolist()}).encode(), JSON, "shape 28 × 28"),
        (json.dumps({"instances": [ROW, ROW[:5]]}).encode(), JSON, "differ in length"),
        (json.dumps({"instances": [["1"] * 784]}).encode(), JSON, "is not a number"),
        (json.dumps({"instances": [[None] * 784]}).encode(), JSON, "is not a number"),
        (json.dumps({"instances": [[True] * 784]}).encode(), JSON, "is not a number"),
        (json.dumps({"instances": [[10**30] * 784]}).encode(), JSON, "is not a number"),
        (json.dumps({"instances": [[0] * 783 + [256]]}).encode(), JSON, "pixel 784 is 256"),
        (json.dumps({"instances": [ROW, [-1] * 784]}).encode(), JSON, "image 2, pixel 1 is -1"),
        (json.dumps({"instances": [[0.5] * 784]}).encode(), JSON, "Multiply by 255"),
        (json.dumps({"instances": [[float("nan")] * 784]}).encode(), JSON, "is nan"),
        (dump_lines([ROW]) + b"{]", JSON_LINES, "Line 2 is not JSON"),
        (dump_lines([ROW, ROW[:3]]), JSON_LINES, "Line 2 has the shape 1 × 3"),
        (b"\n\n", JSON_LINES, "no image"),
        (dump_csv([[*ROW, 3]]), CSV, "Line 1 has 785 values instead of 784. Leave out the label"),
        (dump_csv([ROW[:-1]]), CSV, "783 values"),
        (dump_csv([[f"pixel{i}" for i in range(784)], ROW]), CSV, "Line 1, value 1: 'pixel0'"),
        (dump_csv([["inf"] * 784]), CSV, "is inf"),
    ],
)
def test_what_is_no_image_is_refused_with_its_place(
    content: bytes, media_type: str, words: str
) -> None:
    with pytest.raises(RequestError) as caught:
        parse_images(content, media_type)
    assert words in str(caught.value)
    assert caught.value.status == 400
    assert str(caught.value).endswith((".", "1."))


@pytest.mark.parametrize("media_type", [JSON, JSON_LINES])
def test_too_many_images_are_refused_before_they_are_converted(media_type: str) -> None:
    rows = [[]] * (MAX_IMAGES + 1)  # type: ignore[var-annotated]
    content = json.dumps(rows).encode() if media_type == JSON else dump_lines(rows)
    with pytest.raises(RequestError, match=r"1,001 images; the limit is 1,000") as caught:
        parse_images(content, media_type)
    assert caught.value.status == 413


def test_media_type_is_read_without_parameters() -> None:
    assert parse_media_type("Text/CSV; charset=utf-8") == "text/csv"
