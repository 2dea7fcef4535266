"""Parses the body of a request into images: JSON, JSON lines or CSV.

It also runs on Python 3.9, which the SageMaker container of ``fmnist.deployment`` has.
"""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import IMAGE_SHAPE, N_PIXELS
from fmnist.errors import RequestError

JSON: Final = "application/json"
JSON_LINES: Final = "application/jsonlines"
CSV: Final = "text/csv"

MEDIA_TYPES: Final = {
    JSON: JSON,
    JSON_LINES: JSON_LINES,
    "application/x-jsonlines": JSON_LINES,
    "application/jsonl": JSON_LINES,
    "application/x-ndjson": JSON_LINES,
    CSV: CSV,
}
"""What clients call the three formats, with the name that is used here."""

WRAPPERS: Final = {"instances": "predictions", "inputs": "outputs"}
"""The key of a JSON body that holds the images, and the key of the answers to it."""

MAX_IMAGES: Final = 1_000
"""Most images per request: they take two seconds on two cores; a client can send several
requests."""

_FORM: Final = "Send a list of images, each 28 rows of 28 pixels or 784 pixels, 0 to 255."


def parse_media_type(header: str) -> str:
    """Return a ``Content-Type`` without its parameters, in lower case."""
    return header.partition(";")[0].strip().lower()


def parse_images(content: bytes, media_type: str) -> tuple[NDArray[np.uint8], str]:
    """Return the images of a body.

    Args:
        content: the body.
        media_type: a key of ``MEDIA_TYPES``.

    Returns:
        uint8 ``(n, 28, 28)``, and the key under which a JSON response has the answers.

    Raises:
        RequestError: they aren't images of 28×28 integers from 0 to 255, or there are too many.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise RequestError(f"The body is not UTF-8 text at byte {error.start}. {_FORM}") from error
    if MEDIA_TYPES[media_type] == JSON:
        return _parse_json(text)
    lines = [line for line in text.splitlines() if line.strip()]
    _check_count(len(lines))
    parse = _parse_json_line if MEDIA_TYPES[media_type] == JSON_LINES else _parse_csv_line
    rows = [parse(line, f"Line {number}") for number, line in enumerate(lines, start=1)]
    return np.concatenate(rows), "predictions"


def _parse_json(text: str) -> tuple[NDArray[np.uint8], str]:
    value = _load_json(text, "The body")
    if isinstance(value, list):
        value = {"instances": value}
    keys = [key for key in WRAPPERS if key in value] if isinstance(value, dict) else []
    if len(keys) != 1:
        raise RequestError(
            'The body must be an object with "instances" or "inputs", such as'
            f' {{"instances": [image, image]}}. {_FORM}'
        )
    images = value[keys[0]]
    if not isinstance(images, list):
        raise RequestError(f'"{keys[0]}" is not a list. {_FORM}')
    _check_count(len(images))
    return _convert(images, f'"{keys[0]}"'), WRAPPERS[keys[0]]


def _parse_json_line(line: str, place: str) -> NDArray[np.uint8]:
    return _convert([_load_json(line, place)], place)


def _parse_csv_line(line: str, place: str) -> NDArray[np.uint8]:
    cells = line.split(",")
    if len(cells) != N_PIXELS:
        hint = " Leave out the label, which comes first." if len(cells) == N_PIXELS + 1 else ""
        raise RequestError(f"{place} has {len(cells)} values instead of {N_PIXELS}.{hint}")
    numbers = [_parse_number(cell) for cell in cells]
    wrong = next((i for i, number in enumerate(numbers) if number is None), None)
    if wrong is not None:
        raise RequestError(
            f"{place}, value {wrong + 1}: {cells[wrong].strip()[:40]!r} is not a number."
            " Send rows of 784 numbers, 0 to 255, without a header."
        )
    return _convert([numbers], place)


def _parse_number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _load_json(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise RequestError(f"{place} is nested too deeply. {_FORM}") from error
    except ValueError as error:
        raise RequestError(f"{place} is not JSON: {error}. {_FORM}") from error


def _check_count(count: int) -> None:
    if count == 0:
        raise RequestError(f"There is no image in the body. {_FORM}")
    if count > MAX_IMAGES:
        raise RequestError(
            f"The body has {count:,} images; the limit is {MAX_IMAGES:,}. Send several requests.",
            status=413,
        )


def _convert(images: Any, place: str) -> NDArray[np.uint8]:
    """Return a list of images as an array, uint8 ``(n, 28, 28)``."""
    try:
        values = np.asarray(images)
    except ValueError as error:
        raise RequestError(f"{place}: the lists differ in length or depth. {_FORM}") from error
    if values.dtype.kind not in "iuf":
        raise RequestError(f"{place}: a pixel is not a number. {_FORM}")
    if values.shape[1:] not in {IMAGE_SHAPE, (*IMAGE_SHAPE, 1), (N_PIXELS,)}:
        shape = " × ".join(str(length) for length in values.shape)
        raise RequestError(f"{place} has the shape {shape}. {_FORM}")
    flat = values.reshape(len(values), N_PIXELS)
    wrong = ~((flat >= 0) & (flat <= 255) & (flat == np.floor(flat)))  # NaN fails both comparisons
    if wrong.any():
        image, pixel = (int(index[0]) for index in np.nonzero(wrong))
        raise RequestError(
            f"{place}: image {image + 1}, pixel {pixel + 1} is {flat[image, pixel]:g}; pixels are"
            " whole numbers from 0 to 255. Multiply by 255 and round if yours go from 0 to 1."
        )
    return flat.astype(np.uint8).reshape(-1, *IMAGE_SHAPE)
