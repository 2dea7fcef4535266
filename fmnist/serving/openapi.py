"""The OpenAPI document of the endpoint, shown at ``/docs`` and returned by ``/openapi.json``."""

from __future__ import annotations

from typing import Any, Final

from fmnist import settings
from fmnist.classes import CLASS_NAMES, IMAGE_SIZE, N_PIXELS
from fmnist.serving.bodies import CSV, JSON, JSON_LINES, MAX_IMAGES

_PIXEL: Final = {"type": "number", "minimum": 0, "maximum": 255, "multipleOf": 1}
_ROW: Final = {
    "type": "array",
    "minItems": IMAGE_SIZE,
    "maxItems": IMAGE_SIZE,
    "items": {"oneOf": [_PIXEL, {"type": "array", "minItems": 1, "maxItems": 1, "items": _PIXEL}]},
}
_IMAGE: Final = {
    "description": "28 rows of 28 pixels, or 784 pixels; 0 is the background.",
    "oneOf": [
        {"type": "array", "minItems": N_PIXELS, "maxItems": N_PIXELS, "items": _PIXEL},
        {"type": "array", "minItems": IMAGE_SIZE, "maxItems": IMAGE_SIZE, "items": _ROW},
    ],
}
_IMAGES: Final = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_IMAGES,
    "items": {"$ref": "#/components/schemas/Image"},
}
_ANSWER: Final = {
    "type": "object",
    "required": ["label", "class_id", "probabilities", "in_distribution"],
    "additionalProperties": False,
    "properties": {
        "label": {"enum": [*CLASS_NAMES, None], "description": "null: no garment to see."},
        "class_id": {"type": ["integer", "null"], "minimum": 0, "maximum": 9},
        "probabilities": {
            "type": "object",
            "description": "Calibrated, by class name.",
            "required": list(CLASS_NAMES),
            "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
        },
        "in_distribution": {
            "type": "boolean",
            "description": "false: the image resembles none of the ten classes.",
        },
        "kind": {"enum": ["photo", "drawing"], "description": "For a picture: how it was read."},
        "warning": {
            "type": ["string", "null"],
            "description": "For a picture: why the answer may be wrong.",
        },
    },
}


def build_openapi(run_id: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the endpoint that serves a run."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Fashion-MNIST Lab: {run_id}",
            "version": "1",
            "description": "Classifies garments: images of 28×28 pixels, photos or drawings.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/ping": {"get": _describe_ping()},
            "/invocations": {"post": _describe_invocations()},
        },
        "components": {
            "schemas": {
                "Image": _IMAGE,
                "Answer": _ANSWER,
                "Error": {
                    "type": "object",
                    "required": ["error"],
                    "properties": {"error": {"type": "string"}},
                },
            }
        },
    }


def _describe_ping() -> dict[str, Any]:
    return {
        "operationId": "ping",
        "summary": "Whether the endpoint is ready",
        "responses": {
            "200": {"description": "The network is loaded."},
            "503": _describe_error("The network is being loaded."),
        },
    }


def _describe_invocations() -> dict[str, Any]:
    picture = {"schema": {"type": "string", "format": "binary"}}
    return {
        "operationId": "invoke",
        "summary": "Classify images or a picture",
        "description": (
            f"At most {MAX_IMAGES:,} images and {settings.MAX_UPLOAD_MB} MiB per request. The"
            " response has the format that Accept names; without it, that of the request, and JSON"
            " for pictures. JSON with instances is answered by predictions, with inputs by outputs."
        ),
        "parameters": [
            {
                "name": "kind",
                "in": "query",
                "description": "What a picture is; SageMaker's CustomAttributes may also hold it.",
                "schema": {"enum": ["auto", "photo", "drawing"], "default": "auto"},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                JSON: {
                    "schema": {
                        "oneOf": [
                            {
                                "type": "object",
                                "required": [key],
                                "properties": {key: _IMAGES},
                            }
                            for key in ("instances", "inputs")
                        ]
                    }
                },
                JSON_LINES: {
                    "schema": {
                        "type": "string",
                        "description": "Each line is an image: a list.",
                    }
                },
                CSV: {
                    "schema": {
                        "type": "string",
                        "description": "Each line is an image: 784 pixels; no header, no label.",
                    }
                },
                "image/png": picture,
                "image/jpeg": picture,
            },
        },
        "responses": {
            "200": {"description": "An answer for each image.", "content": _describe_answers()},
            "400": _describe_error("The body is not an image, or the picture can't be read."),
            "406": _describe_error("The response can't have the format that Accept names."),
            "408": _describe_error("The body did not arrive in time."),
            "413": _describe_error("The body is too large, or has too many images."),
            "415": _describe_error("The body's Content-Type is not one of those above."),
            "503": _describe_error("The network is being loaded, or there are too many requests."),
        },
    }


def _describe_answers() -> dict[str, Any]:
    answers = {"type": "array", "items": {"$ref": "#/components/schemas/Answer"}}
    return {
        JSON: {
            "schema": {
                "type": "object",
                "properties": {"predictions": answers, "outputs": answers},
                "additionalProperties": False,
            }
        },
        JSON_LINES: {"schema": {"type": "string", "description": "Each line is an answer."}},
        CSV: {
            "schema": {
                "type": "string",
                "description": "Each line: label, ten probabilities in the order of classes.",
            }
        },
    }


def _describe_error(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": description, "content": {JSON: {"schema": schema}}}
