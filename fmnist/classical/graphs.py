"""The ONNX graphs of classical models: parts connected by shared names.

Each part reads a name written by the previous one: ``images`` → ``features`` → ``predict``
(``fmnist.runs.onnx_file``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnx.parser import parse_graph

from fmnist.classes import IMAGE_SIZE, N_CLASSES
from fmnist.runs.onnx_file import FEATURES, INPUT, OPSET, PREDICT

ML_OPSET: Final = 3
"""Version of the operators for trees."""

_IR_VERSION: Final = 8
"""Version of the file format that belongs to ``OPSET``."""

PIXELS: Final = """
pixels (float[n,28,28,1] images) => (float[n,784] features)
<int64[2] flat = {-1, 784}> {
    features = Reshape(images, flat)
}"""

HOG: Final = """
hog (float[n,28,28,1] images) => (float[n,1296] features)
<int64[4] planes = {-1, 1, 28, 28}, float[1,1,1,3] across = {-1, 0, 1}, float tiny = {1e-6},
 float radian = {2.8647890}, float[1,9,1,1] centres = {-4, -3, -2, -1, 0, 1, 2, 3, 4},
 float nine = {9}, float one = {1}, float limit = {0.2},
 int64[2] from_a = {0, 0}, int64[2] from_b = {0, 1}, int64[2] from_c = {1, 0},
 int64[2] from_d = {1, 1}, int64[2] to_a = {6, 6}, int64[2] to_b = {6, 7},
 int64[2] to_c = {7, 6}, int64[2] to_d = {7, 7}, int64[2] sides = {2, 3},
 int64[1] channels = {1}, int64[2] flat = {-1, 1296}>
{
    plane = Reshape(images, planes)
    gx = Conv<pads = [0, 1, 0, 1]>(plane, across)
    down = Transpose<perm = [0, 1, 3, 2]>(across)
    gy = Conv<pads = [1, 0, 1, 0]>(plane, down)
    xx = Mul(gx, gx)
    yy = Mul(gy, gy)
    squares = Add(xx, yy)
    magnitude = Sqrt(squares)
    upright = Abs(gx)
    is_upright = Less(upright, tiny)
    divisor = Where(is_upright, tiny, gx)
    slope = Div(gy, divisor)
    angle = Atan(slope)
    position = Mul(angle, radian)
    offset = Sub(position, centres)
    way = Abs(offset)
    other_way = Sub(nine, way)
    distance = Min(way, other_way)
    nearness = Sub(one, distance)
    share = Relu(nearness)
    votes = Mul(share, magnitude)
    cells = AveragePool<kernel_shape = [4, 4], strides = [4, 4]>(votes)
    a = Slice(cells, from_a, to_a, sides)
    b = Slice(cells, from_b, to_b, sides)
    c = Slice(cells, from_c, to_c, sides)
    d = Slice(cells, from_d, to_d, sides)
    blocks = Concat<axis = 1>(a, b, c, d)
    length = ReduceL2(blocks, channels)
    safe_length = Add(length, one)
    scaled = Div(blocks, safe_length)
    clipped = Min(scaled, limit)
    clipped_length = ReduceL2(clipped, channels)
    safe_clipped_length = Add(clipped_length, tiny)
    normalised = Div(clipped, safe_clipped_length)
    features = Reshape(normalised, flat)
}"""
"""Histograms of oriented gradients (Dalal & Triggs 2005) with the paper's parameters but for the
size of the cells, 4×4 pixels: centred differences, nine unsigned orientations with each gradient
shared between the two nearest, blocks of 2×2 cells that overlap, L2 norm clipped at 0.2. The angle
needs no ``atan2``: unsigned, it is the arc tangent of the slope, and 9/π times it is its place
among the orientations, the circle of which closes after nine."""

LINEAR: Final = f"""
linear (float[n,k] features) => (float[n,{N_CLASSES}] predict) {{
    logits = Gemm(features, weights, bias)
    predict = Softmax<axis = 1>(logits)
}}"""
"""Needs ``weights``, float32 ``(k, 10)``, and ``bias``, float32 ``(10,)``."""


def build_graph(
    *parts: onnx.GraphProto | str, arrays: dict[str, NDArray[Any]] | None = None
) -> onnx.ModelProto:
    """Chain parts into one model.

    Args:
        parts: graphs, or their text; equal names refer to the same value.
        arrays: further constants used by the parts.

    Returns:
        A model with the input ``images`` and the outputs ``predict`` and ``features``.
    """
    graphs = [parse_graph(part) if isinstance(part, str) else part for part in parts]
    constants = [each for graph in graphs for each in graph.initializer]
    constants += [numpy_helper.from_array(each, name) for name, each in (arrays or {}).items()]
    graph = helper.make_graph(
        [node for graph in graphs for node in graph.node],
        "classical",
        [_describe(INPUT, ("n", IMAGE_SIZE, IMAGE_SIZE, 1))],
        [_describe(PREDICT, ("n", N_CLASSES)), _describe(FEATURES, ("n", "k"))],
        constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
    onnx.checker.check_model(model)
    return model


def build_linear(part: str, weights: NDArray[Any], bias: NDArray[Any]) -> onnx.ModelProto:
    """Return a model whose logits are linear in the features.

    Args:
        part: ``PIXELS`` or ``HOG``.
        weights: ``(k, 10)``.
        bias: ``(10,)``.
    """
    arrays = {"weights": weights.astype(np.float32), "bias": bias.astype(np.float32)}
    return build_graph(part, LINEAR, arrays=arrays)


def _describe(name: str, shape: Iterable[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))
