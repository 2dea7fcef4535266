from __future__ import annotations

import itertools

import pytest

from fmnist.charts.network import plot_network
from fmnist.networks.describe import LayerDescription


def test_network_is_drawn_with_each_layer_that_changes_the_shape() -> None:
    layers = [
        LayerDescription("pixels", "InputLayer", "", (28, 28, 1), 0, "x"),
        LayerDescription("conv_1", "Conv2D", "32 filters", (28, 28, 32), 288, "x"),
        LayerDescription("drop_1", "Dropout", "", (1152,), 0, "x"),
        LayerDescription("probabilities", "Dense", "10 units", (10,), 2570, "x"),
    ]
    figure = plot_network(layers)
    boxes = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    assert len(boxes) == 3
    texts = {note.text for note in figure.layout.annotations}
    assert texts == {"28×28×1", "28×28×32", "10", "Image", "Convolution", "Dense"}
    assert "2,570 parameters" in figure.data[-1].hovertemplate
    assert plot_network([]).layout.title.text


def build_block(*, has_gate: bool, has_projection: bool) -> list[LayerDescription]:
    """Return a network of one residual block, as ``describe_network`` describes it."""
    shape = (14, 14, 64)
    kinds = [("conv_a", "Conv2D", "main"), ("relu_a", "ReLU", "main"), ("conv_b", "Conv2D", "main")]
    if has_gate:
        kinds += [
            ("squeeze", "GlobalAveragePooling2D", "gate"), ("gate_a", "Conv2D", "gate"),
            ("gate_b", "Conv2D", "gate"), ("scale", "Multiply", "gate"),
        ]  # fmt: skip
    if has_projection:
        kinds += [("mean", "AveragePooling2D", "shortcut"), ("conv_s", "Conv2D", "shortcut")]
    kinds += [("add", "Add", "add"), ("relu_b", "ReLU", "main")]
    block = [
        LayerDescription(name, kind, "", shape, 10, "x", "2.1", role) for name, kind, role in kinds
    ]
    return [
        LayerDescription("pixels", "InputLayer", "", (28, 28, 1), 0, "x"),
        *block,
        LayerDescription("average", "GlobalAveragePooling2D", "", (64,), 0, "x"),
        LayerDescription("probabilities", "Dense", "10 units", (10,), 650, "x"),
    ]


@pytest.mark.parametrize("has_gate", [False, True])
@pytest.mark.parametrize("has_projection", [False, True])
def test_residual_block_is_a_frame_with_shortcut_sum_and_gate(
    has_gate: bool, has_projection: bool
) -> None:
    layers = build_block(has_gate=has_gate, has_projection=has_projection)
    figure = plot_network(layers)
    texts = [note.text for note in figure.layout.annotations]
    # A gate's layers and a shortcut's are no steps of the main line.
    assert [text for text in texts if not text[0].isdigit()] == [
        "Image", "Block 2.1", "Global pooling", "Dense",
    ]  # fmt: skip
    signs = [trace.text[0] for trace in figure.data if trace.text]
    assert signs == (["×", "+"] if has_gate else ["+"])
    # One path is the shortcut, which runs above the main line; the other the gate, below it.
    ends = [shape.path.split(" L ")[1] for shape in figure.layout.shapes if shape.type == "path"]
    heights = sorted(float(end.split(",")[1]) for end in ends)
    assert [height > 0 for height in heights] == ([False, True] if has_gate else [True])
    hovers = " ".join(trace.hovertemplate for trace in figure.data)
    assert ("Gate" in hovers) is has_gate
    assert ("passes the block's input on unchanged" in hovers) is not has_projection
    assert ("AveragePooling2D, Conv2D<br>20 parameters" in hovers) is has_projection


def test_boxes_and_lines_stay_apart() -> None:
    figure = plot_network(build_block(has_gate=True, has_projection=True))
    boxes = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    on_line = sorted(
        (box.x0, box.x1) for box in boxes if box.y0 < 0 < box.y1 and box.layer != "below"
    )
    assert len(on_line) == 5
    assert all(left[1] < right[0] for left, right in itertools.pairwise(on_line))
