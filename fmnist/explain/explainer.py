"""The types of explainers: an explainer, its subject, and the parts of its explanation."""

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
"""What an explainer may need: the picture that the image was made of, the data set, other networks,
a Keras network, for gradients."""

Attribute: TypeAlias = Callable[
    [Pool, Run, NDArray[np.uint8], NDArray[np.integer], NDArray[np.integer] | None],
    NDArray[np.float32],
]
"""Maps images, uint8 ``(n, 28, 28)``, with a class each, ``(n,)``, and one each that it is compared
with, or None, to what each pixel contributes, float32 ``(n, 28, 28)``; negative: against."""


def ignore_progress(_share: float) -> None:
    """Ignore progress."""


@dataclass(frozen=True)
class Subject:
    """One prediction to explain: a network, an image, and the class predicted.

    Attributes:
        pool: the pool that runs networks.
        run: the run whose network predicted.
        image: uint8 ``(28, 28)``.
        label: the class that is explained, 0–9: the predicted one unless a person chose another.
        against: the class that it is compared with, 0–9, in maps of pixels; None if there is none.
        prepared: how the image was made from a picture; None for an item of the data set.
        dataset: the data set, or None if it is not available.
        networks: the runs whose networks may be compared, ``run`` among them.
        progress: called with the share done, 0 to 1, of a computation that takes seconds.
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
        """What this subject provides."""
        given: Mapping[Need, bool] = {
            "picture": self.prepared is not None,
            "dataset": self.dataset is not None,
            "networks": len(self.networks) > 0,
            "gradients": self.run.model_path is not None,
        }
        return frozenset(need for need, is_given in given.items() if is_given)

    @property
    def question(self) -> str:
        """What is explained, such as ``Shirt`` or ``Shirt rather than Coat``."""
        rather = "" if self.against is None else f" rather than {CLASS_NAMES[self.against]}"
        return f"{CLASS_NAMES[self.label]}{rather}"

    def attribute(self, attribute: Attribute) -> NDArray[np.float32]:
        """Return what each pixel of the image contributes, float32 ``(28, 28)``."""
        against = None if self.against is None else np.array([self.against])
        labels = np.array([self.label])
        return np.asarray(attribute(self.pool, self.run, self.image[None], labels, against)[0])

    def predict(self, run: Run) -> NDArray[np.float32]:
        """Return the probabilities, float32 ``(10,)``, that a run's network gives the subject.

        Those of a picture are calibrated and averaged over its variants, as in the displayed
        prediction; those of an item of the data set are the network's own, as in an evaluation.
        """
        if self.prepared is not None:
            return predict_pictures(self.pool, run, [self.prepared])[0].y_proba
        return np.asarray(self.pool.predict(run, self.image[None])[0])


@dataclass(frozen=True)
class Text:
    """A sentence.

    Attributes:
        text: the sentence in Markdown.
        is_result: whether it is the result rather than an explanation of how to read it.
    """

    text: str
    is_result: bool = False


@dataclass(frozen=True)
class Tile:
    """A picture with its texts.

    Attributes:
        picture: uint8 ``(h, w)`` or ``(h, w, 3)``.
        title: the title of the picture.
        result: a result, such as the class predicted for it; empty for none.
        note: a sentence; empty for none.
        agrees: whether the class is the one explained; None if that does not apply.
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
    """What each pixel of the image contributes.

    Attributes:
        values: float32 ``(28, 28)``; negative: against.
        least: the magnitude of a value that gets the full colour even if none reaches it.
    """

    values: NDArray[np.float32]
    least: float = 1e-12


@dataclass(frozen=True)
class Ranking:
    """A table of names, each with a class and its probability, 0 to 1."""

    rows: Sequence[tuple[str, str, float]]
    name: str = field(default="name")


@dataclass(frozen=True)
class Coverage:
    """Accuracy, 0 to 1, by the share of pictures classified, the most confident first."""

    points: Sequence[tuple[float, float]]


Part: TypeAlias = Text | Tiles | Heatmap | Ranking | Coverage


@dataclass(frozen=True)
class Explainer:
    """One way to explain a prediction.

    Attributes:
        id: its stable name.
        title: its name on pages.
        needs: what a subject must provide.
        compute: returns the explanation, in the order to show it.
        attribute: computes the map of pixels that it shows, if it shows one; its
            faithfulness is measured.
        takes_long: whether the first explanation of a network may take a minute; ``compute`` then
            calls ``Subject.progress`` often, and lets exceptions from it propagate.
    """

    id: str
    title: str
    needs: frozenset[Need]
    compute: Callable[[Subject], Sequence[Part]]
    attribute: Attribute | None = None
    takes_long: bool = False

    def fits(self, subject: Subject) -> bool:
        """Return whether the subject has all that the explainer needs."""
        return self.needs <= subject.has
