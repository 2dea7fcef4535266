"""Base types: an explainer, its subject, and the parts of an explanation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from fmnist.classes import CLASS_NAMES
from fmnist.data import Dataset
from fmnist.images import Prepared
from fmnist.inference import predict_pictures
from fmnist.inference.pictures import Pool
from fmnist.runs import Run

Need: TypeAlias = Literal["picture", "dataset", "networks", "gradients"]
"""What an explainer may need: the original picture, the data set, other networks, or a Keras
network for gradients."""

Attribute: TypeAlias = Callable[
    [Pool, Run, NDArray[np.uint8], NDArray[np.integer], NDArray[np.integer] | None],
    NDArray[np.float32],
]
"""Takes images, uint8 ``(n, 28, 28)``, a class for each, ``(n,)``, and optionally a class to
compare it with; returns each pixel's contribution, float32 ``(n, 28, 28)``, negative against the
class."""


def ignore_progress(_share: float) -> None:
    """Ignore progress."""


@dataclass(frozen=True)
class Subject:
    """One prediction to explain: a network, an image, and the class predicted.

    Attributes:
        pool: runs the networks.
        run: the run whose network predicted.
        image: uint8 ``(28, 28)``.
        label: the class to explain, 0–9: by default, the predicted one.
        against: the class to compare it with in attribution maps, 0–9; None if there is none.
        prepared: how the image was made from a picture; None for an item of the data set.
        dataset: the data set, or None if it is not available.
        networks: the runs whose networks may be compared, including ``run``.
        progress: called with the fraction done, 0 to 1, of a computation that takes seconds.
    """

    pool: Pool
    run: Run
    image: NDArray[np.uint8]
    label: int
    against: int | None = None
    prepared: Prepared | None = None
    dataset: Dataset | None = None
    networks: Sequence[Run] = ()
    progress: Callable[[float], object] = ignore_progress

    @property
    def has(self) -> frozenset[Need]:
        """The needs that this subject meets."""
        given: Mapping[Need, bool] = {
            "picture": self.prepared is not None,
            "dataset": self.dataset is not None,
            "networks": len(self.networks) > 0,
            "gradients": self.run.model_path is not None,
        }
        return frozenset(need for need, is_given in given.items() if is_given)

    @property
    def question(self) -> str:
        """The subject of the explanation, such as ``Shirt`` or ``Shirt rather than Coat``."""
        rather = "" if self.against is None else f" rather than {CLASS_NAMES[self.against]}"
        return f"{CLASS_NAMES[self.label]}{rather}"

    def attribute(self, attribute: Attribute) -> NDArray[np.float32]:
        """Return what each pixel of the image contributes, float32 ``(28, 28)``."""
        against = None if self.against is None else np.array([self.against])
        labels = np.array([self.label])
        return np.asarray(attribute(self.pool, self.run, self.image[None], labels, against)[0])

    def predict(self, run: Run) -> NDArray[np.float32]:
        """Return a network's probabilities for the subject, float32 ``(10,)``.

        Those of a picture are calibrated and averaged over its variants, as in the displayed
        prediction. Those of an item of the data set are unchanged, as in an evaluation.
        """
        if self.prepared is not None:
            return predict_pictures(self.pool, run, [self.prepared])[0].y_proba
        return np.asarray(self.pool.predict(run, self.image[None])[0])


@dataclass(frozen=True)
class Text:
    """A sentence.

    Attributes:
        text: the sentence in Markdown.
        is_result: whether it states the result rather than how to read it.
    """

    text: str
    is_result: bool = False


@dataclass(frozen=True)
class Tile:
    """A picture with its captions.

    Attributes:
        picture: uint8 ``(h, w)`` or ``(h, w, 3)``.
        title: the title of the picture.
        result: a result, such as the class predicted for it; empty for none.
        note: a sentence; empty for none.
        agrees: whether the class is the one explained; None if not applicable.
    """

    picture: NDArray[np.uint8]
    title: str
    result: str = ""
    note: str = ""
    agrees: bool | None = None


@dataclass(frozen=True)
class Tiles:
    """Pictures side by side, each with the same width in screen pixels."""

    tiles: Sequence[Tile]
    width: int


@dataclass(frozen=True)
class Heatmap:
    """The contribution of each pixel of the image.

    Attributes:
        values: float32 ``(28, 28)``; negative: against.
        min_scale: the absolute value that gets the full colour even if no value reaches it.
    """

    values: NDArray[np.float32]
    min_scale: float = 1e-12


@dataclass(frozen=True)
class Ranking:
    """A table of names, each with a class and its probability, 0 to 1."""

    rows: Sequence[tuple[str, str, float]]
    name: str = field(default="name")


@dataclass(frozen=True)
class Coverage:
    """Accuracy, 0 to 1, by the fraction of pictures classified, most confident first."""

    points: Sequence[tuple[float, float]]


Part: TypeAlias = Text | Tiles | Heatmap | Ranking | Coverage


@dataclass(frozen=True)
class Explainer:
    """A method to explain predictions.

    Attributes:
        id: its stable name.
        title: its name on pages.
        needs: what a subject must provide.
        compute: returns the explanation, in the order to show it.
        attribute: computes its attribution map, if it has one, whose faithfulness is then measured.
        takes_long: whether the first explanation of a network may take a minute; ``compute`` then
            calls ``Subject.progress`` frequently and lets its exceptions propagate.
    """

    id: str
    title: str
    needs: frozenset[Need]
    compute: Callable[[Subject], Sequence[Part]]
    attribute: Attribute | None = None
    takes_long: bool = False

    def fits(self, subject: Subject) -> bool:
        """Return whether the subject meets all needs of the explainer."""
        return self.needs <= subject.has
