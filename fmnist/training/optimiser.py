"""Optimiser, schedule, loss and the running average of the weights."""

from __future__ import annotations

from typing import Any, Final

import keras
import numpy as np

from fmnist.classes import N_CLASSES, OUTLIER
from fmnist.runs import Recipe
from fmnist.runs.schedule import COSINE_END, WARMUP_PART
from fmnist.training.fused import average_statistics

MOMENTUM: Final = 0.9
"""Momentum of SGD, with Nesterov's correction (Sutskever et al. 2013)."""

SHOWN_LOSS: Final = "crossentropy"
"""Name of the metric reported as the loss: cross-entropy with the unsmoothed labels."""


def compile_trainer(trainer: keras.Model, recipe: Recipe, batches: int) -> None:
    """Give a trainer its optimiser, loss and metrics.

    Args:
        trainer: the network with its augmentation.
        recipe: the recipe, which determines them.
        batches: steps per epoch; with the recipe's epochs, they determine the length of the
            schedule.
    """
    steps = batches * recipe.epochs
    rate: float | keras.optimizers.schedules.LearningRateSchedule = recipe.learning_rate
    if recipe.schedule == "cosine":
        warmup = max(1, steps // WARMUP_PART)
        rate = keras.optimizers.schedules.CosineDecay(
            recipe.learning_rate / WARMUP_PART,
            max(1, steps - warmup),
            alpha=COSINE_END,
            warmup_target=recipe.learning_rate,
            warmup_steps=warmup,
        )
    optimizer = _build_optimizer(recipe, rate, steps)
    # Decaying a scale or an offset only counteracts the normalisation.
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    loss: keras.losses.Loss = keras.losses.SparseCategoricalCrossentropy()
    if recipe.label_smoothing or recipe.augmentation == "outside":
        loss = SmoothedCrossentropy(recipe.label_smoothing)
    # The displayed loss: the minimised one may be smoothed, so it is not comparable with the
    # validation loss.
    shown = keras.metrics.MeanMetricWrapper(
        keras.losses.sparse_categorical_crossentropy, name=SHOWN_LOSS, ignore_class=OUTLIER
    )
    # JAX is slow unless the step is compiled; TensorFlow on a CPU is faster without XLA.
    is_compiled = keras.backend.backend() == "jax"
    trainer.compile(
        optimizer,
        loss,
        loss_weights=1 - recipe.teacher_share if recipe.teacher else None,
        metrics=["accuracy", shown],
        jit_compile=is_compiled,
    )
    optimizer.build(trainer.trainable_variables)
    if is_compiled:
        _build_loss_and_metrics(trainer)
    if recipe.averaging:
        average_statistics(trainer, optimizer.ema_momentum)


def _build_loss_and_metrics(trainer: keras.Model) -> None:
    """Build what ``fit`` would build from a first batch, which on JAX it takes from the data set.

    It does not restart the prefetching threads afterwards: an epoch began with its second batch and
    ended with batches it had seen (Keras 3.15).
    """
    labels = np.zeros(1, np.uint8)
    y_proba = np.full((1, N_CLASSES), 1 / N_CLASSES, np.float32)
    trainer.compute_loss(y=labels, y_pred=y_proba)
    trainer.compute_metrics(None, labels, y_proba)
    trainer.reset_metrics()


def _build_optimizer(recipe: Recipe, rate: Any, steps: int) -> keras.optimizers.Optimizer:
    """Build the recipe's optimiser; the averaging window is limited to a tenth of the run."""
    shared = {
        "learning_rate": rate,
        "weight_decay": recipe.weight_decay,
        "use_ema": recipe.averaging,
        "ema_momentum": 1 - 1 / max(2, min(recipe.averaging_steps, steps // 10)),
    }
    if recipe.optimizer == "sgd":
        return AveragingSGD(momentum=MOMENTUM, nesterov=True, **shared)
    return AveragingAdamW(**shared)


class Averaging(keras.optimizers.Optimizer):  # type: ignore[misc]
    """An optimiser that keeps its running average separate from the trained weights.

    Keras' ``fit`` replaces the weights with the average whenever it ends
    (``finalize_variable_values``). Here, each epoch is one ``fit``, so each would start from an
    average that lags behind. Measured on the CNN, seed 0: training accuracy after three epochs was
    84.7% that way and is 87.7% this way.
    """

    def finalize_variable_values(self, var_list: list[Any]) -> None:
        """Keep the weights of the last step."""

    def get_averages(self) -> list[Any]:
        """Return the running average of each weight; none before the first step, or if disabled."""
        if not self.use_ema or int(self.iterations) == 0:
            return []
        return list(self._model_variables_moving_average)

    def _update_model_variables_moving_average(self, trainable_variables: list[Any]) -> None:
        """Average without Keras' bias towards the weights after the first step.

        With a window of 500 steps, those would still make up 43% of the average after 422 steps.
        The momentum grows from 0 so that the average is always ``Σ mᵗ⁻ᵏ wₖ / Σ mᵗ⁻ᵏ``; after about
        17 windows, it equals Keras' to the last bit.
        """
        if not self.use_ema:
            return
        step = keras.ops.cast(self.iterations + 1, "float32")
        start = keras.ops.power(keras.ops.cast(self.ema_momentum, "float32"), step)
        momentum = (self.ema_momentum - start) / (1 - start)
        averages = self._model_variables_moving_average
        for variable, average in zip(trainable_variables, averages, strict=True):
            average.assign(momentum * average + (1 - momentum) * variable)


class AveragingSGD(Averaging, keras.optimizers.SGD):  # type: ignore[misc]
    """SGD with weight decay as part of the gradient, as in recipes for residual networks.

    Keras' own is decoupled: with momentum 0.9, it decays a tenth as much at the same value.
    """

    def _apply_weight_decay(self, variables: list[Any]) -> None:
        """Do nothing here: ``update_step`` adds the decay to the gradient."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update one weight by the gradient of its loss and its decay."""
        if self.weight_decay and self._use_weight_decay(variable):
            gradient = gradient + self.weight_decay * variable
        super().update_step(gradient, variable, learning_rate)


class AveragingAdamW(Averaging, keras.optimizers.AdamW):  # type: ignore[misc]
    """AdamW with a running average and, where available, a fused step."""

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update one weight with the same result as Keras', in a fused operation where available.

        A million weights pass through memory once instead of a dozen times. With Keras' own, a step
        of ``cnn`` takes 1.09 times the CPU time (two cores, Xeon 2.5 GHz with AVX512-VNNI, float32,
        128 images, 6 alternating rounds: ``python -m benchmarks.layer_speed``).
        """
        if keras.backend.backend() != "tensorflow":
            super().update_step(gradient, variable, learning_rate)
            return
        import tensorflow as tf

        index = self._get_variable_index(variable)
        step = keras.ops.cast(self.iterations + 1, "float32")
        # The gradient stays float32, as do the variables in either precision.
        tf.raw_ops.ResourceApplyAdam(
            var=_find_handle(variable),
            m=_find_handle(self._momentums[index]),
            v=_find_handle(self._velocities[index]),
            beta1_power=keras.ops.power(self.beta_1, step),
            beta2_power=keras.ops.power(self.beta_2, step),
            lr=keras.ops.cast(learning_rate, "float32"),
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=keras.ops.cast(gradient, "float32"),
        )


def _find_handle(variable: Any) -> Any:
    # The weight is a TensorFlow variable; the optimiser's own are Keras variables.
    return (variable if hasattr(variable, "handle") else variable.value).handle


class SmoothedCrossentropy(keras.losses.Loss):  # type: ignore[misc]
    """Cross-entropy of integer labels softened by ``share`` (Szegedy et al. 2016).

    The target of ``OUTLIER`` is the same probability for each class.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss of each image, ``(n,)``."""
        ops = keras.ops
        n_classes = y_pred.shape[-1]
        labels = ops.one_hot(ops.cast(ops.reshape(y_true, (-1,)), "int32"), n_classes)
        labels += (1 - ops.sum(labels, axis=-1, keepdims=True)) / n_classes
        return keras.losses.categorical_crossentropy(labels, y_pred, label_smoothing=self._share)
