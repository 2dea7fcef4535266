"""Attribution maps by gradients, computed in the Keras worker and cached by content."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import numpy as np
from cachetools import LRUCache, cached
from numpy.typing import NDArray

from fmnist.errors import MethodError
from fmnist.explain.explainer import Explainer, Heatmap, Need, Part, Subject, Text
from fmnist.inference.pictures import Pool
from fmnist.keras_worker import attribute_pixels
from fmnist.runs import Run

_CACHED_MAPS: Final = 256
"""Number of cached results, 3 kB per image; a page that reruns requests the same ones."""


def attribute_by_gradient(
    run: Run,
    images: NDArray[np.uint8],
    method: str,
    labels: NDArray[np.integer],
    against: NDArray[np.integer] | None,
) -> tuple[NDArray[np.float32], str]:
    """Return each pixel's contribution, float32 ``(n, 28, 28)``, and the layer's name.

    Args:
        run: the run whose network is used.
        images: uint8 ``(n, 28, 28)``.
        method: as in ``fmnist.keras_worker.gradients.attribute``.
        labels: ``(n,)``.
        against: ``(n,)``, or None.

    Raises:
        MethodError: the run has no Keras network, or one without feature maps or logits.
    """
    if run.model_path is None:
        raise MethodError(
            f"{run.run_id} has no Keras network, so there are no gradients. Choose Occlusion."
        )
    return _attribute(run, images, method, labels, against)


def _identify(
    run: Run,
    images: NDArray[np.uint8],
    method: str,
    labels: NDArray[np.integer],
    against: NDArray[np.integer] | None,
) -> tuple[object, ...]:
    path = run.model_path
    assert path is not None
    stat = path.stat()
    content = hashlib.blake2b(images.tobytes()).digest()
    others = None if against is None else tuple(against.tolist())
    return path, stat.st_mtime_ns, stat.st_size, content, method, tuple(labels.tolist()), others


@cached(LRUCache(_CACHED_MAPS), key=_identify, lock=threading.Lock())
def _attribute(
    run: Run,
    images: NDArray[np.uint8],
    method: str,
    labels: NDArray[np.integer],
    against: NDArray[np.integer] | None,
) -> tuple[NDArray[np.float32], str]:
    assert run.model_path is not None
    values, layer = attribute_pixels(run.model_path, images, method, labels, against)
    values.flags.writeable = False  # all callers share this array
    return values, layer


def _attribute_by(
    method: str,
    _pool: Pool,
    run: Run,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    against: NDArray[np.integer] | None,
) -> NDArray[np.float32]:
    return attribute_by_gradient(run, images, method, labels, against)[0]


def _explain_by(method: str, describe: Callable[[str, str], str], subject: Subject) -> list[Part]:
    against = None if subject.against is None else np.array([subject.against])
    values, layer = attribute_by_gradient(
        subject.run, subject.image[None], method, np.array([subject.label]), against
    )
    return [Text(describe(subject.question, layer)), Heatmap(values[0])]


def build_explainer(method: str, title: str, describe: Callable[[str, str], str]) -> Explainer:
    """Return the explainer of a method of ``fmnist.keras_worker.gradients``.

    Args:
        method: the id of the method, also that of the explainer.
        title: its name on pages.
        describe: a function that explains its map, given the question and the layer's name.
    """
    explain: Callable[[Subject], Sequence[Part]] = partial(_explain_by, method, describe)
    needs: frozenset[Need] = frozenset({"gradients"})
    return Explainer(method, title, needs, explain, partial(_attribute_by, method))
