"""Describes a data set and its source in JSON values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from fmnist.classes import CLASS_NAMES, N_CLASSES
from fmnist.data.dataset import Dataset


def describe_dataset(dataset: Dataset) -> dict[str, Any]:
    """Return the description printed by ``python -m fmnist data``, as JSON values.

    Keys: ``label``, ``kind``, ``folder``, ``notes``, ``files`` (name, rows, size in bytes, md5,
    first line), ``counts`` (split → class name → images), ``totals`` (split → images) and
    ``fingerprints``.
    """
    counts = {
        split: np.bincount(labels, minlength=N_CLASSES).tolist()
        for split, labels in (("train", dataset.y_train), ("test", dataset.y_test))
    }
    source = dataset.source
    return {
        "label": source.label,
        "kind": source.kind,
        "folder": source.folder,
        "notes": list(source.notes),
        "files": [asdict(file) for file in source.files],
        "counts": {
            split: dict(zip(CLASS_NAMES, row, strict=True)) for split, row in counts.items()
        },
        "totals": {split: sum(row) for split, row in counts.items()},
        "fingerprints": dict(dataset.fingerprints),
    }
