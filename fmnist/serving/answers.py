"""Converts probabilities to the body of a response: JSON, JSON lines or CSV.

It also runs on Python 3.9, like ``fmnist.serving.bodies``.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.errors import RequestError
from fmnist.evaluation.calibration import (
    apply_temperature,
    combine_views,
    compute_in_distribution_score,
)
from fmnist.serving.bodies import CSV, JSON, JSON_LINES, MEDIA_TYPES, parse_media_type

_DIGITS = 6
"""Number of decimals of a probability; further ones are rounding noise."""


def build_answers(
    y_proba: NDArray[np.float32], temperature: float, threshold: float
) -> list[dict[str, Any]]:
    """Return the answer for each image.

    Args:
        y_proba: the network's probabilities, ``(n, 10)``.
        temperature: the temperature of the run's calibration.
        threshold: the minimum in-distribution score of a garment.

    Returns:
        For each image ``label``, ``class_id``, ``probabilities`` (calibrated, by class name) and
        ``in_distribution``.
    """
    views = y_proba[np.newaxis]
    calibrated = apply_temperature(combine_views(views), temperature)
    scores = compute_in_distribution_score(views)
    return [
        {
            "label": CLASS_NAMES[int(row.argmax())],
            "class_id": int(row.argmax()),
            "probabilities": round_probabilities(row),
            "in_distribution": bool(score >= threshold),
        }
        for row, score in zip(calibrated, scores)  # noqa: B905 - Python 3.9 knows no `strict`
    ]


def round_probabilities(row: NDArray[np.float32]) -> dict[str, float]:
    """Return ten probabilities by class name."""
    values = row.astype(float).round(_DIGITS).tolist()
    return dict(zip(CLASS_NAMES, values))  # noqa: B905 - as above


def choose_format(accept: str, media_type: str) -> str:
    """Return the media type of the response: an accepted one, or that of the request.

    Args:
        accept: the header ``Accept``; empty if there is none.
        media_type: the media type of the request; anything but JSON lines and CSV is answered by
            JSON.

    Raises:
        RequestError: no available media type is accepted.
    """
    own = MEDIA_TYPES.get(media_type, JSON)
    for each in accept.split(","):
        wanted = parse_media_type(each)
        if wanted in {"", "*/*", own.partition("/")[0] + "/*"}:
            return own
        if wanted in MEDIA_TYPES:
            return MEDIA_TYPES[wanted]
    raise RequestError(
        f"The response can't be {accept[:100]!r}. Accept {JSON}, {JSON_LINES} or {CSV}.",
        status=406,
    )


def encode_answers(answers: list[dict[str, Any]], media_type: str, key: str) -> bytes:
    """Return the body of a response.

    Args:
        answers: from ``build_answers``.
        media_type: JSON (one object with all answers), JSON lines (one answer per line) or CSV
            (label and ten probabilities per line, in the order of the classes).
        key: the key of the answers in a JSON body.
    """
    if media_type == JSON:
        return json.dumps({key: answers}).encode()
    if media_type == JSON_LINES:
        return "".join(json.dumps(answer) + "\n" for answer in answers).encode()
    rows = ([answer["label"] or "", *answer["probabilities"].values()] for answer in answers)
    return "".join(",".join(map(str, row)) + "\n" for row in rows).encode()


def encode_error(message: str) -> bytes:
    """Return the body of a response that reports an error."""
    return json.dumps({"error": message}).encode()
