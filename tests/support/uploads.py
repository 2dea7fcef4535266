"""Pictures as a person uploads them, and the Predict page that got some."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from tests.support.pages import open_page


def png(picture: np.ndarray) -> bytes:
    """Return pixels as the content of a PNG file."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def build_drawing() -> np.ndarray:
    """Return a light rectangle on dark background, uint8 ``(120, 120)``."""
    picture = np.zeros((120, 120), np.uint8)
    picture[20:100, 40:80] = 230
    return picture


def open_upload(*files: tuple[str, bytes]):
    """Open the Predict page and upload files, given by name and content."""
    app = open_page("predict", run="cnn")
    app = app.segmented_control(key="way").set_value("Upload").run()
    if files:
        given = [(name, data, "image/png") for name, data in files]
        app.file_uploader[0].set_value(given)
        app.run()
    assert not app.exception
    return app
