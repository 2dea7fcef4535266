"""Networks made for the purpose: their answers can be told from the pixels."""

from __future__ import annotations

import numpy as np

from fmnist.runs import Run


class CornerPool:
    """A pool whose every network believes in class 3 as far as the upper left corner is bright."""

    def predict(self, run: Run, images: np.ndarray) -> np.ndarray:
        """Return the corner's brightness for class 3, the rest for class 0, float32 ``(n, 10)``."""
        y_proba = np.zeros((len(images), 10), np.float32)
        y_proba[:, 3] = images[:, 2:8, 2:8].mean(axis=(1, 2)) / 255
        y_proba[:, 0] = 1 - y_proba[:, 3]
        return y_proba

    def extract(self, run: Run, images: np.ndarray) -> np.ndarray:
        """Return the first fifty pixels of each image, float32 ``(n, 50)``."""
        return images.reshape(len(images), -1)[:, :50].astype(np.float32)
