"""Edits files."""

from __future__ import annotations

import json
from pathlib import Path


def write_edits(path: Path, **changes: object) -> Path:
    """Write an edits file of two excluded rows and a relabelled one, with changes."""
    values = {
        "format": "fashion-mnist-edits", "version": 1, "fingerprint": "f", "excluded": [3, 1],
        "relabelled": [{"row": 5, "label": 9}],
    }  # fmt: skip
    path.write_text(json.dumps(values | changes))
    return path
