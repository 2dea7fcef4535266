"""A random forest on the pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from fmnist import settings
from fmnist.classes import N_CLASSES
from fmnist.classical.fitting import Fitted, Task
from fmnist.classical.trees import Tree, build_trees, count_numbers, flatten


def fit(task: Task) -> Fitted:
    """Grow one tree per core at a time, and report progress after each batch of trees."""
    recipe, x, cores = task.recipe, flatten(task.x_train), settings.count_cores()
    model = RandomForestClassifier(
        min_samples_leaf=recipe.leaf_size,
        n_jobs=cores,
        random_state=recipe.seed,
        warm_start=True,
    )
    for count in range(0, recipe.trees, cores):
        task.progress(count / recipe.trees, f"tree {count + 1} of {recipe.trees}")
        model.n_estimators = min(count + cores, recipe.trees)
        model.fit(x, task.y_train)
    trees = [_convert(each.tree_, recipe.trees) for each in model.estimators_]
    return Fitted(
        build_trees(trees, "NONE", np.zeros(N_CLASSES)),
        lambda images: model.predict_proba(flatten(images)),
        count_numbers(trees),
    )


def _convert(tree: Any, count: int) -> Tree:
    is_leaf = tree.children_left < 0
    return Tree(
        pixel=tree.feature,
        threshold=tree.threshold,
        left=tree.children_left,
        right=tree.children_right,
        votes=np.where(is_leaf[:, None], tree.value[:, 0], 0.0) / count,
        is_leaf=is_leaf,
    )
