"""The data of the map: positions, the table of its images, and the values for its colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from fmnist.charts.map import CONFIDENCE, CORRECT, ISSUES, PREDICTED_CLASS, TRUE_CLASS, Coloring
from fmnist.data import Dataset
from fmnist.embedding.store import Embedding, EmbeddingStore, MapRequest
from fmnist.evaluation.mistakes import build_item_table
from fmnist.labels.folds import find_key
from fmnist.labels.issues import Labels, mark_issues
from fmnist.labels.search import open_label_search

COLORINGS: Final = {
    "True class": TRUE_CLASS,
    "Predicted class": PREDICTED_CLASS,
    "Correct or not": CORRECT,
    "Confidence": CONFIDENCE,
    "Label issue": ISSUES,
}
"""Meanings of the colours, by their name on the page."""


@dataclass(frozen=True)
class ShownMap:
    """A map with the table of its images.

    Attributes:
        embedding: the map.
        items: the table of ``build_item_table``; ``index`` is the row in the split.
        texts: a description of each image, ``(n,)``.
    """

    embedding: Embedding
    items: pd.DataFrame
    texts: NDArray[np.str_]


def load_map(store: EmbeddingStore, request: MapRequest) -> ShownMap | None:
    """Return a computed map, or None.

    Raises:
        RunError: its file can't be used.
    """
    path = store.result_path
    return _load(store, request, path.stat().st_mtime_ns) if path.exists() else None


# Not st.cache_data, which would copy the table on each rerun; it is never modified.
@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs={EmbeddingStore: lambda s: s.path})
def _load(store: EmbeddingStore, _request: MapRequest, stamp: int) -> ShownMap | None:  # noqa: ARG001
    embedding = store.load()
    if embedding is None:
        return None
    _, labels = _request.dataset.split(_request.split)
    items = build_item_table(labels[embedding.rows], embedding.y_proba)
    items["index"] = embedding.rows
    predicted = " classified as " + items["predicted_class"]
    texts = items["true_class"] + predicted.where(~items["correct"], "")
    return ShownMap(embedding, items, texts.to_numpy(str))


def list_colorings(dataset: Dataset) -> list[str]:
    """Return the available meanings of the colours; label issues only after a search."""
    searched = open_label_search(dataset).pixels_path.exists()
    return [name for name in COLORINGS if searched or COLORINGS[name] is not ISSUES]


def find_values(shown: ShownMap, coloring: Coloring, request: MapRequest) -> NDArray[Any]:
    """Return the value that colours each image: the index of a category, or a fraction."""
    items = shown.items
    if coloring is TRUE_CLASS:
        return items["true_label"].to_numpy()
    if coloring is PREDICTED_CLASS:
        return items["predicted_label"].to_numpy()
    if coloring is CORRECT:
        return items["correct"].to_numpy().astype(np.int64)
    if coloring is CONFIDENCE:
        return items["confidence"].to_numpy()
    dataset = request.dataset
    first = 0 if request.split == "train" else len(dataset.y_train)
    search, key = open_label_search(dataset), find_key(dataset.fingerprints["train"])
    paths = [search.pixels_path, *([search.scores_path(key)] if key else [])]
    stamps = [path.stat().st_mtime_ns for path in paths if path.exists()]
    marks = _mark_issues(dataset, str(search.path), key, stamps)
    return marks[first + shown.embedding.rows]


@st.cache_resource(max_entries=2, show_spinner=False)
def _mark_issues(
    _dataset: Dataset,
    path: str,  # noqa: ARG001
    key: str | None,
    stamps: list[int],  # noqa: ARG001
) -> NDArray[np.int64]:
    """Return which list each image is on; path and stamps change with the search results."""
    search, labels = open_label_search(_dataset), Labels(_dataset)
    pixels = search.load_pixels()
    if pixels is None:  # deleted in the meantime
        return np.zeros(len(labels.all), np.int64)
    return mark_issues(labels, pixels, search.load_scores(key)).astype(np.int64)
