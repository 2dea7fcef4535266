from __future__ import annotations

import json

import numpy as np
import pytest

from fmnist.classes import CLASS_NAMES
from fmnist.errors import RequestError
from fmnist.images.records import Prepared
from fmnist.inference import predict_pictures
from fmnist.serving.answers import build_answers, choose_format, encode_answers
from fmnist.serving.bodies import CSV, JSON, JSON_LINES
from tests.support.serving import load_baseline

IMAGES = np.random.default_rng(1).integers(0, 256, (4, 28, 28)).astype(np.uint8)


def test_images_are_answered_as_pictures_of_the_data_set_are() -> None:
    network = load_baseline()
    pictures = [Prepared(each, each[None], (), "photo", None, (0, 0, 28)) for each in IMAGES]
    for answer, expected in zip(
        network.answer(IMAGES), predict_pictures(network, network.run, pictures), strict=True
    ):
        assert list(answer["probabilities"]) == list(CLASS_NAMES)
        np.testing.assert_allclose(
            list(answer["probabilities"].values()), expected.y_proba, atol=1e-6
        )
        assert answer["class_id"] == expected.y_proba.argmax()
        assert answer["label"] == CLASS_NAMES[answer["class_id"]]


def test_what_resembles_no_class_is_marked() -> None:
    undecided = np.full((1, 10), 0.1, np.float32)
    decided = np.eye(10, dtype=np.float32)[:1]
    answers = build_answers(np.concatenate([undecided, decided]), temperature=2.0, threshold=0.5)
    assert [answer["in_distribution"] for answer in answers] == [False, True]


@pytest.mark.parametrize(
    ("accept", "media_type", "expected"),
    [
        ("", JSON, JSON),
        ("*/*", CSV, CSV),
        ("text/*", CSV, CSV),
        ("", "application/x-ndjson", JSON_LINES),
        ("*/*", "image/png", JSON),
        ("text/csv", JSON, CSV),
        ("text/html, application/json;q=0.9", CSV, JSON),
    ],
)
def test_response_has_the_accepted_format(accept: str, media_type: str, expected: str) -> None:
    assert choose_format(accept, media_type) == expected


def test_a_format_that_can_not_be_produced_is_refused() -> None:
    with pytest.raises(RequestError, match="Accept application/json") as caught:
        choose_format("text/html", JSON)
    assert caught.value.status == 406


def test_answers_in_three_formats() -> None:
    answers = build_answers(np.eye(10, dtype=np.float32)[[9, 0]], temperature=1.0, threshold=0.0)
    assert json.loads(encode_answers(answers, JSON, "outputs")) == {"outputs": answers}
    lines = encode_answers(answers, JSON_LINES, "predictions").decode().splitlines()
    assert [json.loads(line) for line in lines] == answers
    first, second = encode_answers(answers, CSV, "predictions").decode().splitlines()
    assert first.split(",")[0] == "Ankle boot"
    assert float(second.split(",")[1]) == pytest.approx(1, abs=1e-4)
