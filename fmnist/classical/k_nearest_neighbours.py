"""The k nearest neighbours, by pixels or by the features of a finished network."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import onnx
import onnx.compose
import onnx.helper
import onnx.utils
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier

from fmnist.classes import N_CLASSES
from fmnist.classical.fitting import Fitted, Task
from fmnist.classical.graphs import PIXELS, build_graph
from fmnist.classical.session import Session
from fmnist.runs.onnx_file import FEATURES, INPUT

_CHUNK: Final = 2000
"""Images between two reports."""

_PREFIX: Final = "network/"

_BY_PIXELS: Final = """
distances (float[n,784] features) => (int32[n,m] distances)
<int32 two = {2}> {
    whole = Round(features)
    bytes = Cast<to = 2>(whole)
    products = MatMulInteger(bytes, neighbours)
    twice = Mul(products, two)
    distances = Sub(squares, twice)
}"""
"""Squared distances to the training images, less the image's own square, which is the same for all.
Images are bytes and so are kept: 42 MB for 54,000 of them, and the distances are exact."""

_BY_FEATURES: Final = """
distances (float[n,k] features) => (float[n,m] distances)
<float two = {2}> {
    products = MatMul(features, neighbours)
    twice = Mul(products, two)
    distances = Sub(squares, twice)
}"""

_VOTE: Final = f"""
vote (float[n,m] distances) => (float[n,{N_CLASSES}] predict)
<int64[1] second = {{1}}, int64 classes = {{{N_CLASSES}}}, float[2] votes = {{0, 1}}> {{
    nearest, rows = TopK<axis = 1, largest = 0>(distances, count)
    classes_near = Gather(labels, rows)
    votes_near = OneHot(classes_near, classes, votes)
    predict = ReduceMean<keepdims = 0>(votes_near, second)
}}"""


def fit(task: Task) -> Fitted:
    """Store the training images or their features; nothing else is learned."""
    source = None if task.source is None else Session(task.source)
    parts, what = [], "training images" if source is None else "features of the training images"
    for start in range(0, len(task.x_train), _CHUNK):
        task.progress(start / len(task.x_train), what)
        parts.append(_compute_rows(source, task.x_train[start : start + _CHUNK]))
    x = np.concatenate(parts)
    model = KNeighborsClassifier(task.recipe.neighbours, algorithm="brute")
    model.fit(x.astype(np.float32), task.y_train)
    whole = x.astype(np.int32) if source is None else x
    arrays = {
        "neighbours": np.ascontiguousarray(x.T),
        "squares": (whole * whole).sum(axis=1, dtype=whole.dtype),
        "labels": task.y_train.astype(np.int64),
        "count": np.array([task.recipe.neighbours], np.int64),
    }
    parts_before = (
        (PIXELS, _BY_PIXELS) if task.source is None else (_load_network(task.source), _BY_FEATURES)
    )
    return Fitted(
        build_graph(*parts_before, _VOTE, arrays=arrays),
        lambda images: model.predict_proba(_compute_rows(source, images).astype(np.float32)),
        x.size,
    )


def _compute_rows(source: Session | None, images: NDArray[np.uint8]) -> NDArray[np.generic]:
    return images.reshape(len(images), -1) if source is None else source.extract(images)


def _load_network(path: Path) -> onnx.GraphProto:
    """Return a network's graph up to its features, with unique names."""
    network = onnx.utils.Extractor(onnx.load(path)).extract_model([INPUT], [FEATURES])
    graph = onnx.compose.add_prefix_graph(network.graph, _PREFIX)
    begin = onnx.helper.make_node("Identity", [INPUT], [_PREFIX + INPUT])
    end = onnx.helper.make_node("Identity", [_PREFIX + FEATURES], [FEATURES])
    return onnx.helper.make_graph(
        [begin, *graph.node, end], "network", graph.input, graph.output, graph.initializer
    )
