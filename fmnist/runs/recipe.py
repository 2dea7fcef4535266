"""A recipe: everything needed to train a network again."""

from __future__ import annotations

import dataclasses
import re
import reprlib
from dataclasses import dataclass
from typing import Any, Final, Self

from fmnist.errors import RecipeError
from fmnist.runs.architecture import (
    Architecture,
    parse_architecture,
    scale_architecture,
    write_architecture,
)
from fmnist.runs.classical import has_setting
from fmnist.runs.layer_costs import compute_costs
from fmnist.runs.settings_spec import SETTINGS

CUSTOM: Final = "custom"
"""Name of the network whose layers the recipe lists."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every setting of a training run; equal recipes on equal data give equal networks.

    ``fmnist.runs.settings_spec`` describes each setting: range, choices, label and help.

    Attributes:
        network: name in the registry of networks.
        epochs: passes over the training part, at most.
        batch_size: images per step.
        optimizer: ``adamw``, or ``sgd`` with Nesterov's momentum of 0.9.
        learning_rate: the optimiser's step size; the highest one if the schedule varies it.
        weight_decay: AdamW's decoupled decay (Loshchilov & Hutter 2019), 0 gives plain Adam; with
            SGD, times the weight, added to its gradient. Scales and offsets have none.
        dropout: share of units set to zero while training.
        label_smoothing: probability spread over all classes (Szegedy et al. 2016).
        augmentation: ``none``, or ``flip``: mirrored half of the time; ``shift``: moved by up to
            two pixels in any direction; ``erase``: half of the time noise in a rectangle (Zhong et
            al. 2020); ``crop_cutout``: mirrored half of the time, moved by up to four pixels, a
            square covered (DeVries & Taylor 2017); ``outside``: domain augmentation, imitating
            photos and drawings.
        schedule: learning rate over the steps: ``constant``, or ``cosine`` after a warm-up.
        averaging: validate, keep and test the running average of the weights.
        averaging_steps: window of that average, at most a tenth of the run.
        early_stopping: epochs without a better validation accuracy after which the training ends;
            0: never.
        seed: the seed of the initial weights, the order of images, dropout and augmentation.
        train_share: share of the training images that is used, stratified, (0, 1].
        validation_share: share of the training set kept for validation; 0: nothing is validated,
            and the last epoch is kept.
        validation_fold: which of the disjoint parts of that share is kept, from 0.
        normalisation: batch normalisation after each convolution or dense layer, where the
            network has it.
        width: multiplies the number of filters and units of the hidden layers.
        precision: float type of the steps: ``float32``, ``mixed_bfloat16``, or ``auto``: the
            faster one, measured on this machine.
        edits: path of a file of rows to leave out or to label differently; empty: none.
        event_files: whether to write event files for TensorBoard.
        start_from: name of a finished run whose weights initialise the network; empty: random.
        teacher: name of a finished run whose predictions the network also learns; empty: none.
        teacher_temperature: softens both networks' probabilities (Hinton et al. 2015).
        teacher_share: share of the teacher's loss; that of the labels has the rest.
        architecture: layers of the network ``custom`` as JSON (``fmnist.runs.architecture``); empty
            for every other network.
        inverse_regularisation: scikit-learn's ``C``: small values keep the weights small.
        neighbours: how many neighbours vote.
        trees: number of trees of a forest; for gradient boosting, of each class.
        leaf_size: fewest training images in a leaf of a forest.

    A setting that the network or classical model does not have (``fmnist.runs.classical``) holds
    its default.

    Raises:
        RecipeError: a value is not allowed; the message names setting, value and range.
    """

    network: str
    epochs: int = 12
    batch_size: int = 128
    optimizer: str = "adamw"
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    dropout: float = 0.3
    label_smoothing: float = 0.0
    augmentation: str = "flip_shift"
    schedule: str = "cosine"
    averaging: bool = True
    averaging_steps: int = 500
    early_stopping: int = 0
    seed: int = 0
    train_share: float = 1.0
    validation_share: float = 0.1
    validation_fold: int = 0
    normalisation: bool = True
    width: float = 1.0
    precision: str = "auto"
    edits: str = ""
    event_files: bool = False
    start_from: str = ""
    teacher: str = ""
    teacher_temperature: float = 3.0
    teacher_share: float = 0.9
    architecture: str = ""
    inverse_regularisation: float = 1.0
    neighbours: int = 5
    trees: int = 100
    leaf_size: int = 1

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(str(self.network)):
            raise RecipeError(
                f"network is {reprlib.repr(self.network)}, which can't be the name of a network. "
                "`python -m fmnist train --help` lists those that can be trained."
            )
        layers: Architecture = ()
        if isinstance(self.architecture, str) and self.architecture:
            layers = parse_architecture(self.architecture)
            # Equal architectures, however written, are equal recipes.
            object.__setattr__(self, "architecture", write_architecture(layers))
        for name, value in self.to_dict().items():
            SETTINGS[name].check(value)
            if value != SETTINGS[name].default and not has_setting(self.network, name):
                raise RecipeError(
                    f"{name} is {reprlib.repr(value)}, but {self.network} has no such setting. "
                    "Leave it out."
                )
        self._check_architecture(layers)
        if self.validation_fold:
            self._check_fold()
        if self.early_stopping and not self.validation_share:
            raise RecipeError(
                f"early_stopping is {self.early_stopping} and validation_share is 0: without "
                "validation images there is no way to tell when to stop. Set early_stopping to "
                "0, or validation_share to 0.1."
            )

    def _check_architecture(self, layers: Architecture) -> None:
        if (self.network == CUSTOM) != bool(self.architecture):
            raise RecipeError(
                f"network is {self.network!r} and architecture "
                f"{'lists layers' if self.architecture else 'is empty'}; the network {CUSTOM} "
                "has an architecture, and no other has. Change one of the two."
            )
        if not layers:
            return
        if not self.normalisation:
            raise RecipeError(
                f"normalisation is off; the network {CUSTOM} has the layers that its architecture "
                "lists. List no BatchNormalization there, and leave normalisation on."
            )
        compute_costs(scale_architecture(layers, self.width))

    def _check_fold(self) -> None:
        # The room of the data would load with each process that reads runs.
        from fmnist.data.split import count_folds

        n_folds = count_folds(self.validation_share)
        if self.validation_fold >= n_folds:
            raise RecipeError(
                f"validation_fold is {self.validation_fold}; a validation_share of "
                f"{self.validation_share:g} has {n_folds} folds, counted from 0. "
                "Set a smaller fold or a smaller share."
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain JSON values."""
        # ``dataclasses.asdict`` copies each value, which took a tenth of the Runs page.
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    def select_settings(self) -> dict[str, Any]:
        """Return the settings that the network or classical model has, as plain JSON values."""
        return {name: v for name, v in self.to_dict().items() if has_setting(self.network, name)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Build a recipe from JSON values.

        Raises:
            RecipeError: a setting is unknown, missing or outside its range.
        """
        known = {field.name for field in dataclasses.fields(cls)}
        unknown = sorted(set(values) - known)
        if unknown:
            raise RecipeError(
                f"the recipe has unknown settings: {', '.join(name[:40] for name in unknown[:5])}. "
                f"Known are {', '.join(sorted(known))}."
            )
        if "network" not in values:
            raise RecipeError('the recipe names no network. Add a line such as "network": "cnn".')
        return cls(**values)
