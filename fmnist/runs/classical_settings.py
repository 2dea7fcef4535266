"""The settings that only classical models have; part of ``fmnist.runs.settings_spec``."""

from __future__ import annotations

from typing import Final

from fmnist.runs.setting import Setting

CLASSICAL_SETTINGS: Final = (
    Setting(
        name="inverse_regularisation", default=1.0, label="C", section="main", widget="scale",
        low=1e-4, high=1e4, offered=(0.001, 0.01, 0.1, 1.0, 10.0, 100.0),
        help="Inverse strength of the regularisation, of logistic regression and linear SVM. A "
        "small C keeps the weights small.",
    ),
    Setting(
        name="neighbours", default=5, label="Neighbours", section="main", widget="number",
        low=1, high=100, step=1, format="%d",
        help="Number of nearest training images whose classes vote.",
    ),
    Setting(
        name="trees", default=100, label="Trees", section="main", widget="number",
        low=1, high=500, step=10, format="%d",
        help="Number of trees of a random forest; for gradient boosting, of each class.",
    ),
    Setting(
        name="leaf_size", default=1, label="Leaf size", section="main", widget="number",
        low=1, high=1000, step=1, format="%d",
        help="Fewest training images in a leaf of a random forest. Larger leaves give smaller "
        "trees.",
    ),
)  # fmt: skip
