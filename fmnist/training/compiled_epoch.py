"""Epochs on JAX: many steps in one compiled call, with the images on the device.

Keras' ``fit`` calls the device once per batch and transfers the images each time, which takes
longer than the step itself on an accelerator.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import jax
import keras
import numpy as np
from jax.sharding import NamedSharding, PartitionSpec
from numpy.typing import NDArray

CALL_SECONDS: Final = 1.0
"""Maximum duration of a call; after each, progress is reported and a stop takes effect."""

GROWTH: Final = 4
"""Maximum growth in steps from one call to the next until their pace is known."""

Report = Callable[[int, dict[str, float]], None]
"""Called after each call with the number of steps done in the epoch and the metrics' means so
far."""


def is_faster(trainer: keras.Model) -> bool:
    """Return whether a trainer's steps are at least as fast in one call as one by one.

    On a CPU, XLA computes convolutions inside a loop on one core with a slower algorithm: an epoch
    of ``cnn`` at half width took thirteen times as long. Dense networks took the same time.
    """
    has_convolutions = any(len(weight.shape) == 4 for weight in trainer.weights)
    return jax.default_backend() != "cpu" or not has_convolutions


class CompiledEpochs:
    """Runs the steps of a compiled trainer, whose variables hold the state between calls.

    A step is Keras' own ``train_step``. The number of iterations of the loop around it is an
    argument, so that it is compiled only once.
    """

    def __init__(self, trainer: keras.Model, x: NDArray[np.uint8], y: NDArray[np.uint8]) -> None:
        """Transfer the images to the device.

        Args:
            trainer: the compiled trainer, with its optimiser, loss and metrics built.
            x: all training images, uint8 ``(n, 28, 28)``.
            y: their labels, uint8 ``(n,)``.
        """
        self._trainer = trainer
        self._variables = (
            trainer.trainable_variables,
            trainer.non_trainable_variables,
            trainer.optimizer.variables,
            trainer.metrics_variables,
        )
        # With ``use_all_devices``, each device has all images and all variables.
        everywhere = trainer.trainable_variables[0].value.sharding
        self._mesh = everywhere.mesh if isinstance(everywhere, NamedSharding) else None
        place = None if self._mesh is None else NamedSharding(self._mesh, PartitionSpec())
        self._x, self._y = (jax.device_put(np.asarray(array), place) for array in (x, y))
        self._take_steps = jax.jit(self._loop, donate_argnums=0)
        self._steps = 1

    def run_epoch(
        self, rows: NDArray[np.int64], batch_size: int, report: Report
    ) -> dict[str, float]:
        """Run a step for each batch of rows and return the means of the metrics.

        Args:
            rows: rows of the images, in training order.
            batch_size: images per step; the last step has the remainder.
            report: may raise an error to end the epoch between two calls.
        """
        self._trainer.reset_metrics()
        whole = len(rows) // batch_size
        batches = rows[: whole * batch_size].reshape(whole, batch_size)
        rest = rows[whole * batch_size :].reshape(1, -1)
        done, logs = 0, {}
        while done < whole:
            start = time.perf_counter()
            steps = min(self._steps, whole - done)
            logs = self._call(batches, done, steps)
            done += steps
            report(done, logs)
            pace = steps / (time.perf_counter() - start)
            self._steps = max(1, min(round(pace * CALL_SECONDS), self._steps * GROWTH))
        if rest.size:
            logs = self._call(rest, 0, 1)
            report(whole + 1, logs)
        return logs

    def _call(self, batches: NDArray[np.int64], first: int, steps: int) -> dict[str, float]:
        state = [[variable.value for variable in group] for group in self._variables]
        state = self._take_steps(state, batches, self._x, self._y, (first, first + steps))
        for group, values in zip(self._variables, state, strict=True):
            for variable, value in zip(group, values, strict=True):
                variable.assign(value)
        return {name: float(v) for name, v in self._trainer.get_metrics_result().items()}

    def _loop(self, state: Any, batches: Any, x: Any, y: Any, part: Any) -> Any:
        def take_step(step: Any, state: Any) -> Any:
            rows = batches[step]
            images = self._part(x[rows].astype("float32")[..., None])
            _, state = self._trainer.train_step(state, (images, self._part(y[rows])))
            return [list(group) for group in state]

        return jax.lax.fori_loop(*part, take_step, state)

    def _part(self, batch: Any) -> Any:
        """Split a batch among the devices; copy it to each if it can't be split evenly."""
        if self._mesh is None or batch.shape[0] % self._mesh.size:
            return batch
        parts = NamedSharding(self._mesh, PartitionSpec(self._mesh.axis_names[0]))
        return jax.lax.with_sharding_constraint(batch, parts)
