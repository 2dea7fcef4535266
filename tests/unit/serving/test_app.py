"""The application without a server: every kind of body, every error."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import anyio
import jsonschema
import numpy as np
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from PIL import Image
from starlette.testclient import TestClient

from fmnist import settings
from fmnist.serving import limits
from fmnist.serving.app import build_app
from fmnist.serving.network import ServedNetwork
from tests.support.serving import load_baseline

IMAGES = np.random.default_rng(2).integers(0, 256, (2, 28, 28)).astype(np.uint8)
BODY = json.dumps({"instances": IMAGES.tolist()})
TYPE = {"Content-Type": "application/json"}


@pytest.fixture
def client() -> TestClient:
    return TestClient(build_app(load_baseline()), raise_server_exceptions=False)


def read_error(response: Any) -> str:
    assert response.headers["Content-Type"] == "application/json"
    assert set(response.json()) == {"error"}
    message: str = response.json()["error"]
    assert "Traceback" not in message
    return message


def make_drawing() -> bytes:
    picture = np.zeros((100, 100), np.uint8)
    picture[20:90, 30:70] = 220
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def test_endpoint_is_not_ready_before_the_network_is_loaded() -> None:
    network = ServedNetwork(load_baseline().run)
    client = TestClient(build_app(network))
    assert client.get("/ping").status_code == 503
    response = client.post("/invocations", content=BODY, headers=TYPE)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "1"
    assert "Try again" in read_error(response)
    network.load()
    assert client.get("/ping").status_code == 200
    assert client.post("/invocations", content=BODY, headers=TYPE).status_code == 200


def test_answers_follow_the_openapi_document(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    OpenAPIV31SpecValidator(document).validate()
    operation = document["paths"]["/invocations"]["post"]
    response = client.post("/invocations", content=BODY, headers=TYPE)
    schemas = {"components": document["components"]}
    content = operation["responses"]["200"]["content"]["application/json"]
    jsonschema.validate(response.json(), content["schema"] | schemas)
    assert len(response.json()["predictions"]) == 2
    body = operation["requestBody"]["content"]["application/json"]["schema"] | schemas
    jsonschema.validate(json.loads(BODY), body)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"instances": [[0.5] * 784]}, body)


def test_docs_are_a_page_without_scripts(client: TestClient) -> None:
    response = client.get("/docs", headers={"Host": "lab.example.org:8080"})
    assert "script" not in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    for word in ("POST /invocations", "text/csv", "http://lab.example.org:8080/invocations"):
        assert word in response.text
    hostile = client.get("/docs", headers={"Host": "<script>alert(1)</script>"})
    assert "<script" not in hostile.text


@pytest.mark.processes
def test_pictures_take_the_picture_path(client: TestClient) -> None:
    drawing = make_drawing()
    for query, headers, kind in (
        ("?kind=drawing", {}, "drawing"),
        ("", {"X-Amzn-SageMaker-Custom-Attributes": "kind=photo"}, "photo"),
    ):
        response = client.post(
            f"/invocations{query}", content=drawing, headers={"Content-Type": "image/png"} | headers
        )
        (answer,) = response.json()["predictions"]
        assert answer["kind"] == kind
        assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    response = client.post(
        "/invocations", content=b"no picture", headers={"Content-Type": "image/jpeg"}
    )
    assert response.status_code == 400
    assert "choose a PNG" in read_error(response)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "words"),
    [
        ("GET", "/", {}, 404, "POST /invocations"),
        ("GET", "/invocations", {}, 405, "POST /invocations"),
        ("POST", "/invocations", {}, 415, "application/json"),
        ("POST", "/invocations", {"Content-Type": "text/plain"}, 415, "'text/plain'"),
        ("POST", "/invocations", TYPE | {"Accept": "text/html"}, 406, "'text/html'"),
        ("POST", "/invocations?kind=x", {"Content-Type": "image/png"}, 400, "auto, photo, drawing"),
        ("POST", "/invocations", {"Content-Type": "text/csv"}, 400, "instead of 784"),
    ],
)
def test_errors_are_json_with_a_remedy(
    client: TestClient, method: str, path: str, headers: dict[str, str], status: int, words: str
) -> None:
    content = "1,2" if method == "POST" else None
    response = client.request(method, path, headers=headers, content=content)
    assert response.status_code == status
    assert words in read_error(response)


def test_a_body_that_is_too_large_is_not_read_to_its_end(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAX_UPLOAD_BYTES", 1_000)
    sent = []

    def stream() -> Iterator[bytes]:  # sent in chunks: no length is announced
        for number in range(1_000):
            sent.append(number)
            yield b"0" * 600

    for content in (stream(), b"0" * 1_001):
        response = client.post("/invocations", content=content, headers=TYPE)
        assert response.status_code == 413
        assert "larger than" in read_error(response)


async def post(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send a request of which no more arrives than the messages; return the response's."""
    answered: list[dict[str, Any]] = []
    left = iter(messages)

    async def receive() -> dict[str, Any]:
        if (message := next(left, None)) is None:
            await anyio.sleep_forever()
        return message

    async def send(message: Any) -> None:
        answered.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/invocations", "query_string": b"",
        "headers": [(b"content-type", b"text/csv")],
    }  # fmt: skip
    await build_app(load_baseline())(scope, receive, send)
    return answered


def test_a_body_that_does_not_arrive_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REQUEST_SECONDS", 0.01)
    start, body = anyio.run(post, [{"type": "http.request", "body": b"1,2", "more_body": True}])
    assert start["status"] == 408
    assert "did not arrive" in json.loads(body["body"])["error"]


def test_a_client_that_leaves_is_no_error() -> None:
    start, _ = anyio.run(post, [{"type": "http.disconnect"}])
    assert start["status"] == 400


def test_more_requests_than_the_limit_are_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_REQUESTS", 0)
    response = client.post("/invocations", content=BODY, headers=TYPE)
    assert response.status_code == 503
    assert "limit" in read_error(response)


def test_an_error_of_the_program_shows_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    network = ServedNetwork(load_baseline().run)
    network.is_ready = True

    def fail(_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(network, "answer", fail)
    client = TestClient(build_app(network), raise_server_exceptions=False)
    response = client.post("/invocations", content=BODY, headers=TYPE)
    assert response.status_code == 500
    assert "KeyError" in read_error(response)
    assert "secret" not in response.text
