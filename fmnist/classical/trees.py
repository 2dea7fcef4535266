"""Writes an ensemble of trees on pixels as an ONNX graph, for forests and boosting.

skl2onnx is not used: its version for this scikit-learn can't convert histogram gradient boosting,
and writes ten votes for each leaf of a forest, most of them 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from fmnist.classes import N_CLASSES
from fmnist.classical.graphs import PIXELS, build_graph
from fmnist.runs.onnx_file import FEATURES, PREDICT


@dataclass(frozen=True)
class Tree:
    """A tree whose nodes are numbered from the root, 0.

    Attributes:
        pixel: the pixel compared by each node, int ``(n,)``; unused for leaves, like the next
            three.
        threshold: float ``(n,)``; an image whose pixel is at most that goes left. It lies between
            two integers, so float32 and float64 give the same result.
        left: node to go to, int ``(n,)``.
        right: node to go to, int ``(n,)``.
        votes: the amount a leaf adds to each class, ``(n, 10)``; 0 for all other nodes.
        is_leaf: bool ``(n,)``.
    """

    pixel: NDArray[np.integer]
    threshold: NDArray[np.floating]
    left: NDArray[np.integer]
    right: NDArray[np.integer]
    votes: NDArray[np.floating]
    is_leaf: NDArray[np.bool_]


def flatten(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return images, uint8 ``(n, 28, 28)``, as rows, ``(n, 784)``."""
    return images.reshape(len(images), -1)


def build_trees(
    trees: Iterable[Tree], transform: str, base: NDArray[np.floating]
) -> onnx.ModelProto:
    """Return the graph of an ensemble.

    Args:
        trees: the trees whose votes are added up.
        transform: ``NONE`` if the sums are probabilities, ``SOFTMAX`` if they are logits.
        base: added to the sums, ``(10,)``.
    """
    columns: dict[str, list[Any]] = defaultdict(list)
    for number, tree in enumerate(trees):
        nodes, (at, classes) = len(tree.pixel), np.nonzero(tree.votes)
        for name, values in {
            "nodes_treeids": np.full(nodes, number),
            "nodes_nodeids": np.arange(nodes),
            "nodes_modes": np.where(tree.is_leaf, "LEAF", "BRANCH_LEQ"),
            "nodes_featureids": np.where(tree.is_leaf, 0, tree.pixel),
            "nodes_values": np.where(tree.is_leaf, 0.0, tree.threshold),
            "nodes_truenodeids": np.where(tree.is_leaf, 0, tree.left),
            "nodes_falsenodeids": np.where(tree.is_leaf, 0, tree.right),
            "class_treeids": np.full(len(at), number),
            "class_nodeids": at,
            "class_ids": classes,
            "class_weights": tree.votes[at, classes],
        }.items():
            columns[name] += values.tolist()
    node = helper.make_node(
        "TreeEnsembleClassifier",
        [FEATURES],
        ["label", PREDICT],
        domain="ai.onnx.ml",
        classlabels_int64s=list(range(N_CLASSES)),
        base_values=base.tolist(),
        post_transform=transform,
        **columns,
    )
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", "k"])
        for name in (FEATURES, PREDICT)
    ]
    return build_graph(PIXELS, helper.make_graph([node], "trees", ends[:1], ends[1:]))


def count_numbers(trees: Iterable[Tree]) -> int:
    """Return the number of parameters in trees: pixel and threshold per split, votes per leaf."""
    return sum(2 * int((~tree.is_leaf).sum()) + int(np.count_nonzero(tree.votes)) for tree in trees)
