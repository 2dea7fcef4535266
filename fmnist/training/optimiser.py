"""How a step changes the weights: optimiser, schedule, loss and the running average."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import keras
import numpy as np

from fmnist.runs import Recipe

AVERAGE_STEPS: Final = 500
"""The running average of the weights looks back about so many steps, at most a tenth of the run."""

SHOWN_LOSS: Final = "crossentropy"
"""Name of the metric that is reported as the loss: cross-entropy against the labels as they are."""


def compile_trainer(trainer: keras.Model, recipe: Recipe, batches: int) -> None:
    """Give a trainer its optimiser, loss and metrics.

    Args:
        trainer: the network behind its augmentation.
        recipe: decides all of it.
        batches: steps in an epoch; with the recipe's epochs they fix the schedule's length.
    """
    steps = batches * recipe.epochs
    rate: float | keras.optimizers.schedules.LearningRateSchedule = recipe.learning_rate
    if recipe.schedule == "cosine":
        warmup = max(1, steps // 20)
        rate = keras.optimizers.schedules.CosineDecay(
            recipe.learning_rate / 20,
            max(1, steps - warmup),
            alpha=0.005,
            warmup_target=recipe.learning_rate,
            warmup_steps=warmup,
        )
    optimizer = AveragingAdamW(
        rate,
        weight_decay=recipe.weight_decay,
        use_ema=recipe.averaging,
        ema_momentum=1 - 1 / max(2, min(AVERAGE_STEPS, steps // 10)),
    )
    # Shrinking a scale or an offset only undoes what the normalisation needs.
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    loss: keras.losses.Loss = keras.losses.SparseCategoricalCrossentropy()
    if recipe.label_smoothing:
        loss = SmoothedCrossentropy(recipe.label_smoothing)
    # The loss that is shown: what is minimised may be smoothed, and would not compare with the
    # validation loss.
    shown = keras.metrics.SparseCategoricalCrossentropy(name=SHOWN_LOSS)
    trainer.compile(optimizer, loss, metrics=["accuracy", shown], jit_compile=False)
    optimizer.build(trainer.trainable_variables)


class AveragingAdamW(keras.optimizers.AdamW):  # type: ignore[misc]
    """AdamW whose running average is lent for validation and never trained on.

    Keras' ``fit`` puts the average in place of the weights whenever it ends
    (``finalize_variable_values``). An epoch is one ``fit`` here, so each would start from an
    average that lags behind. Measured on the CNN, seed 0: training accuracy after three epochs
    was 84.7% that way and is 87.7% this way.
    """

    def finalize_variable_values(self, var_list: list[Any]) -> None:
        """Leave the weights as the last step made them."""

    def lend_average(self, weights: list[Any]) -> None:
        """Put the running average in place of ``weights``."""
        super().finalize_variable_values(weights)


class SmoothedCrossentropy(keras.losses.Loss):  # type: ignore[misc]
    """Cross-entropy of integer labels softened by ``share`` (Szegedy et al. 2016)."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each image, ``(n,)``."""
        ops = keras.ops
        labels = ops.one_hot(ops.cast(ops.reshape(y_true, (-1,)), "int32"), y_pred.shape[-1])
        return keras.losses.categorical_crossentropy(labels, y_pred, label_smoothing=self._share)


@contextmanager
def averaged_weights(trainer: keras.Model) -> Iterator[None]:
    """Lend the network the running average of its weights, where the recipe keeps one."""
    if not trainer.optimizer.use_ema or int(trainer.optimizer.iterations) == 0:
        yield
        return
    weights = trainer.trainable_variables
    raw = [np.asarray(weight) for weight in weights]
    trainer.optimizer.lend_average(weights)
    try:
        yield
    finally:
        for weight, value in zip(weights, raw, strict=True):
            weight.assign(value)
