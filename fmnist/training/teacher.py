"""Learn from another network's predictions and from the labels (Hinton et al. 2015)."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from fmnist.networks.load import load_network
from fmnist.runs import Recipe, open_teacher


def load_teacher(recipe: Recipe) -> keras.Model | None:
    """Load the network of the run that a recipe names as its teacher; None if it names none.

    Raises:
        RunError: there is no such run any more, or it is not finished.
        RecipeError: it learned from what this recipe validates on.
        InferenceError: its file can't be used.
    """
    return load_network(str(open_teacher(recipe).model_path)) if recipe.teacher else None


class Teaching(keras.layers.Layer):  # type: ignore[misc]
    """Returns a network's probabilities, and adds to the loss how far a teacher's differ from them.

    Teacher and network see the same augmented images. The loss is
    ``share · temperature² · KL(teacher ‖ network)``, averaged over the images, with both
    distributions softened by the temperature.

    Args:
        teacher: takes ``(n, 28, 28, 1)``, 0–255; is never changed.
        temperature: a value above 1 gives more weight to the teacher's other classes.
        share: share of this loss; the loss of the labels has the rest.
    """

    def __init__(self, teacher: keras.Model, temperature: float, share: float) -> None:
        super().__init__(dtype="float32", name="teaching")
        self._teacher = teacher
        self._teacher.trainable = False
        self._temperature, self._share = temperature, share

    def call(self, images: Any, y_proba: Any, training: bool | None = None) -> Any:
        """Return ``y_proba``, float32 ``(n, 10)``."""
        if training:
            target = self._soften(ops.stop_gradient(self._teacher(images, training=False)))
            divergence = ops.exp(target) * (target - self._soften(y_proba))
            mean = ops.mean(ops.sum(divergence, axis=-1))
            self.add_loss(self._share * self._temperature**2 * mean)
        return y_proba

    def _soften(self, y_proba: Any) -> Any:
        """Return the logarithms of probabilities at the temperature."""
        clipped = ops.clip(ops.cast(y_proba, "float32"), keras.config.epsilon(), 1.0)
        return ops.log_softmax(ops.log(clipped) / self._temperature, axis=-1)
