"""The table of a recipe's settings, which everything that shows or checks them uses.

* A widget of the form: ``setting.widget`` says which; ``label``, ``help``, ``low``, ``high``,
  ``step``, ``offered``, ``choices`` (value to label) and ``format`` are its arguments, and
  ``list_settings("main", network)`` and ``list_settings("advanced", network)`` give the order in
  the form.
* An option of ``python -m fmnist train``: ``setting.flag``, ``type``, ``choices`` and ``help``.
* A check of the recipe: ``setting.check(value)``.
* A column of the table of runs and of ``runs.csv``: ``label``, ``in_runs``, ``format_value``.
* A row where recipes are compared: ``label`` and ``format_value``.
* What a sweep may vary, and its axis in a chart: ``sweep`` and ``label``.

To add a setting, add a field to ``Recipe`` with its line in the docstring, an entry here, and its
use in training. A test holds that fields and entries agree in names, types and defaults.
"""

from __future__ import annotations

from typing import Final

from fmnist.runs.architecture import MAX_ARCHITECTURE_TEXT
from fmnist.runs.architecture_settings import ARCHITECTURE_SETTINGS
from fmnist.runs.classical import has_setting
from fmnist.runs.classical_settings import CLASSICAL_SETTINGS
from fmnist.runs.setting import Choices, Range, Section, Setting

SETTINGS: Final[dict[str, Setting]] = {
    setting.name: setting
    for setting in (
        Setting(
            name="network", default="", label="Network", section="run", widget="own",
            meaning="the name of a network", help="Network to train.",
        ),
        Setting(
            name="epochs", default=12, label="Epochs", section="main", widget="number",
            low=1, high=500, step=1, format="%d",
            help="Passes over the training images, at most. More epochs help until the validation "
            "accuracy stops rising.",
        ),
        Setting(
            name="train_share", default=1.0, label="Data share", section="main", widget="scale",
            low=0.005, high=1.0, offered=(0.01, 0.05, 0.1, 0.25, 0.5, 1.0), format="percent",
            in_runs=True,
            help="Share of the training images that is used, stratified by class. A small share "
            "gives a quick first impression; the full set gives the best accuracy.",
        ),
        Setting(
            name="batch_size", default=128, label="Batch size", section="main", widget="select",
            low=8, high=2048, step=1, offered=(32, 64, 128, 256, 512), format="%d", in_runs=True,
            sweep=Choices((32, 64, 128, 256, 512)),
            help="Images per step. Small batches take more and noisier steps; large batches use "
            "the machine better.",
        ),
        Setting(
            name="augmentation", default="flip_shift", label="Augmentation", section="main",
            widget="select", in_runs=True,
            choices={
                "none": "None",
                "flip": "Flip",
                "flip_shift": "Flip and shift",
                "flip_erase": "Flip and erase",
                "flip_shift_erase": "Flip, shift and erase",
                "crop_cutout": "Crop, flip and cutout",
                "outside": "Photos and drawings",
            },
            sweep=Choices(
                (
                    "none", "flip", "flip_shift", "flip_erase", "flip_shift_erase", "crop_cutout",
                    "outside",
                )
            ),
            help="Random changes of the training images that keep their class. Flip: mirrored "
            "half of the time. Shift: moved by up to two pixels. Erase: half of the time, noise "
            "in a rectangle. Crop: moved by up to four. Cutout: a square of 14 pixels covered with "
            "background. Photos and drawings: imitates pictures from outside the data set.",
        ),
        Setting(
            name="dropout", default=0.3, label="Dropout", section="main", widget="slider",
            low=0.0, high=0.9, step=0.05, in_runs=True, sweep=Range(0.0, 0.6, step=0.05),
            help="Share of units set to zero at random in each training step. Reduces overfitting.",
        ),
        Setting(
            name="early_stopping", default=0, label="Early stopping", section="main",
            widget="number", low=0, high=100, step=1, format="%d",
            help="Ends the training after this many epochs without a better validation accuracy; "
            "0 turns it off. The best epoch is kept in any case.",
        ),
        Setting(
            name="optimizer", default="adamw", label="Optimiser", section="main", widget="select",
            choices={"adamw": "AdamW", "sgd": "SGD with momentum"}, in_runs=True,
            sweep=Choices(("adamw", "sgd")),
            help="How a step follows from gradients. AdamW adapts the step of each weight. SGD "
            "with Nesterov's momentum of 0.9 needs a learning rate about fifty times as high and a "
            "weight decay near 0.0005; in long trainings it often ends more accurate.",
        ),
        Setting(
            name="learning_rate", default=2e-3, label="Learning rate", section="main",
            widget="number", low=1e-6, high=1.0, step=1e-4, in_runs=True,
            sweep=Range(3e-4, 1e-2, log=True),
            help="Step size of the optimiser; the highest one if a schedule varies it. Too high: "
            "the loss oscillates. Too low: it falls slowly.",
        ),
        Setting(
            name="schedule", default="cosine", label="Schedule", section="main", widget="select",
            choices={"constant": "Constant", "cosine": "Warm-up, then cosine"}, in_runs=True,
            help="Learning rate over the steps. The cosine schedule ends near zero, so that the "
            "weights settle.",
        ),
        Setting(
            name="averaging", default=True, label="Weight averaging", section="advanced",
            widget="switch", in_runs=True,
            help="Validates, keeps and tests the running average of the weights instead of those "
            "of the last step.",
        ),
        Setting(
            name="averaging_steps", default=500, label="Steps averaged", section="advanced",
            widget="number", low=2, high=10_000, step=100, format="%d",
            help="Window of weight averaging, at most a tenth of the run. Batch normalisation's "
            "statistics are averaged over the same steps.",
        ),
        Setting(
            name="normalisation", default=True, label="Batch normalisation", section="advanced",
            widget="switch",
            help="Normalises each layer's activations. Only for networks that have such layers.",
        ),
        Setting(
            name="weight_decay", default=0.02, label="Weight decay", section="advanced",
            widget="number", low=0.0, high=1.0, step=0.005, in_runs=True,
            help="Pulls the weights towards zero in each step. With SGD a hundredth of AdamW's "
            "value is usual.",
        ),
        Setting(
            name="label_smoothing", default=0.0, label="Label smoothing", section="advanced",
            widget="number", low=0.0, high=0.5, step=0.05, in_runs=True,
            help="Probability spread evenly over all classes in each label. Helps because some "
            "labels in the data set are wrong.",
        ),
        Setting(
            name="width", default=1.0, label="Width", section="advanced", widget="number",
            low=0.25, high=4.0, step=0.25, sweep=Range(0.5, 2.0, step=0.25),
            help="Multiplies the number of filters and units in the hidden layers.",
        ),
        Setting(
            name="seed", default=0, label="Seed", section="advanced", widget="number",
            low=0, high=2**31 - 1, step=1, format="%d", in_runs=True,
            help="Starts the random number generators for the initial weights, the order of "
            "images, dropout and augmentation. The same seed gives the same network.",
        ),
        Setting(
            name="precision", default="auto", label="Precision", section="advanced",
            widget="select",
            choices={
                "auto": "Automatic (measured)",
                "float32": "32-bit",
                "mixed_bfloat16": "Mixed 16-bit (bfloat16)",
            },
            help="Float type of the computation. 16 bits double the speed of some processors and "
            "slow down others; the automatic choice measures both on this machine.",
        ),
        Setting(
            name="event_files", default=False, label="TensorBoard event files", section="advanced",
            widget="switch",
            help="Also writes event files; open them with `tensorboard --logdir models`.",
        ),
        Setting(
            name="validation_share", default=0.1, label="Validation share", section="advanced",
            widget="scale", low=0.0, high=0.5, offered=(0.0, 0.02, 0.05, 0.1, 0.2),
            format="percent",
            help="Share of the training set that is kept for validation, stratified by class. With "
            "0, all of it is trained on, nothing is validated, and the last epoch is kept: for "
            "settings that were chosen before.",
        ),
        Setting(
            name="validation_fold", default=0, label="Validation fold", section="run",
            widget="own", low=0, high=9, step=1, format="%d",
            help="Which part of the training set is kept for validation, counted from 0: with a "
            "share of 0.2, the folds 0 to 4 hold each image once, as in cross-validation.",
        ),
        Setting(
            name="start_from", default="", label="Start from", section="run", widget="own",
            meaning="the name of a run",
            help="Finished run whose weights initialise the network. Layers with the same name and "
            "shape are copied; a network that is larger by residual blocks gives the same "
            "predictions at first. For k-nearest neighbours: the network whose features are "
            "compared.",
        ),
        Setting(
            name="teacher", default="", label="Teacher", section="run", widget="own",
            meaning="the name of a run",
            help="Finished run whose predictions for the same augmented images are learned with "
            "the labels. A small network taught by a large one becomes more accurate than alone.",
        ),
        Setting(
            name="teacher_temperature", default=3.0, label="Teacher's temperature", section="run",
            widget="number", low=1.0, high=20.0, step=0.5,
            help="Softens the probabilities that are compared: the higher, the more the second and "
            "third class count.",
        ),
        Setting(
            name="teacher_share", default=0.9, label="Teacher's share", section="run",
            widget="slider", low=0.05, high=1.0, step=0.05,
            help="Share of the loss that the teacher's answers decide; the labels decide the rest.",
        ),
        Setting(
            name="edits", default="", label="File of edited rows", section="run", widget="own",
            meaning="the path of a file",
            help="JSON file that names training images to leave out or to label differently. "
            "Validation and test images are never edited.",
        ),
        Setting(
            name="architecture", default="", label="Architecture", section="run", widget="own",
            meaning="a list of layers as JSON", max_length=MAX_ARCHITECTURE_TEXT,
            help="Layers of a network of your own: a JSON file, or the JSON itself.",
        ),
        *CLASSICAL_SETTINGS,
    )
}  # fmt: skip
"""By name, in the order in which forms, tables and ``--help`` show them."""


def list_settings(section: Section, network: str | None = None) -> list[Setting]:
    """Return the settings of one section of the form, in their order.

    Args:
        section: the section of the form.
        network: the network or classical model with these settings; None for the settings of all.
    """
    return [
        setting
        for setting in SETTINGS.values()
        if setting.section == section and (network is None or has_setting(network, setting.name))
    ]


def find_setting(name: str) -> Setting | None:
    """Return a setting of a recipe or of its architecture; None for one of another version."""
    return SETTINGS.get(name) or ARCHITECTURE_SETTINGS.get(name)


def format_value(name: str, value: object) -> str:
    """Write a setting's value for a person; a setting of another version is written unchanged."""
    setting = find_setting(name)
    return str(value) if setting is None else setting.format_value(value)


def has_labels(name: str) -> bool:
    """Return whether the values of a setting have labels."""
    setting = find_setting(name)
    return setting is not None and bool(setting.choices)


def get_label(name: str) -> str:
    """Return a setting's label, or the name itself for a setting of another version."""
    setting = find_setting(name)
    return name if setting is None else setting.label
