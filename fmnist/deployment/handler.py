"""The code for SageMaker's scikit-learn container: ``code/inference.py`` in ``model.tar.gz``.

It runs on Python 3.9, with copies of only those modules of the program that it imports. It does not
accept pictures, for which the container lacks the libraries.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from fmnist.errors import RequestError
from fmnist.serving.answers import build_answers, choose_format, encode_answers, encode_error
from fmnist.serving.bodies import JSON, MEDIA_TYPES, parse_images, parse_media_type

_BATCH_IMAGES = 32


class Network:
    """The network of the archive.

    Args:
        folder: the folder of the unpacked archive.
    """

    def __init__(self, folder: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the container starts one process per core
        self._session = onnxruntime.InferenceSession(
            str(next(folder.glob("*.onnx"))), options, providers=["CPUExecutionProvider"]
        )
        self._calibration = json.loads((folder / "calibration.json").read_text())

    def answer(self, images: Any) -> list[dict[str, Any]]:
        """Return the prediction for each image, uint8 ``(n, 28, 28)``; see ``build_answers``."""
        x = images.astype(np.float32)[..., np.newaxis]
        parts = [
            self._session.run(["predict"], {"images": x[start : start + _BATCH_IMAGES]})[0]
            for start in range(0, len(x), _BATCH_IMAGES)
        ]
        return build_answers(np.concatenate(parts), **self._calibration)


def model_fn(model_dir: str) -> Network:
    """Load the network, once per process."""
    return Network(Path(model_dir))


def transform_fn(network: Network, content: bytes | str, content_type: str, accept: str) -> Any:
    """Answer one request: the body and its media type, or a response with an error."""
    body = content.encode() if isinstance(content, str) else content
    try:
        return _answer(network, body, parse_media_type(content_type or ""), accept or "")
    except RequestError as error:
        from sagemaker_containers.beta.framework import worker

        return worker.Response(response=encode_error(str(error)), accept=JSON, status=error.status)


def _answer(network: Network, body: bytes, media_type: str, accept: str) -> tuple[bytes, str]:
    if media_type not in MEDIA_TYPES:
        raise RequestError(
            f"The Content-Type is {media_type[:100]!r}. Send application/json,"
            " application/jsonlines or text/csv; pictures need a container of your own.",
            status=415,
        )
    accepted = choose_format(accept, media_type)
    images, key = parse_images(body, media_type)
    return encode_answers(network.answer(images), accepted, key), accepted
