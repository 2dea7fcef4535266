"""Projects features onto a plane by PCA or t-SNE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fmnist import settings

METHODS: Final[dict[str, str]] = {"pca": "PCA", "tsne": "t-SNE"}
"""Names of the methods by their ids."""

_EARLY_STEPS: Final = 250
_STEPS: Final = 500
_REPORTED: Final = 25
_PERPLEXITY: Final = 30
"""openTSNE's defaults: steps with early exaggeration, steps without, perplexity."""


def project(
    features: NDArray[np.float32], method: str, *, seed: int, report: Callable[[float], object]
) -> NDArray[np.float32]:
    """Return the position of each image on a plane, float32 ``(n, 2)``.

    Args:
        features: float32 ``(n, k)``, k > 1.
        method: a key of ``METHODS``. PCA takes the two directions in which the features vary most;
            t-SNE keeps neighbours together and says little about distances between groups.
        seed: equal seeds give equal positions.
        report: called with the fraction done, 0 to 1.
    """
    if method == "pca":
        # Imported only here: in the web process, it would exceed the limit of 400 MB.
        from sklearn.decomposition import PCA

        positions = PCA(2, svd_solver="covariance_eigh").fit_transform(features)
        report(1.0)
        return np.asarray(positions, np.float32)
    return _embed_tsne(features, seed, report)


def _embed_tsne(
    features: NDArray[np.float32], seed: int, report: Callable[[float], object]
) -> NDArray[np.float32]:
    """Source: van der Maaten & Hinton, JMLR 9 (2008); Poličar et al., JSS 109 (2024)."""
    from openTSNE import TSNE

    done = 0

    def follow(*_state: object) -> None:
        nonlocal done
        done += _REPORTED
        report(min(1.0, done / (_EARLY_STEPS + _STEPS)))

    tsne = TSNE(
        perplexity=min(_PERPLEXITY, (len(features) - 1) / 3),
        early_exaggeration_iter=_EARLY_STEPS,
        n_iter=_STEPS,
        # The approximate search depends on the order in which its threads finish.
        neighbors="exact",
        n_jobs=settings.count_cores(),
        random_state=seed,
        callbacks=follow,
        callbacks_every_iters=_REPORTED,
    )
    return np.asarray(tsne.fit(features), np.float32)
