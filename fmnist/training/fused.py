"""Layers equivalent to Keras' own that train in fewer or faster operations.

Only on TensorFlow; inference and other backends use Keras' own code.
"""

from __future__ import annotations

from typing import Any, Final

import keras
from keras import ops

SMALL_MAP: Final = 8
"""Maximum side of a map for which products beat oneDNN's filter gradient (measured: see below)."""


class FusedNormalization(keras.layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalisation whose training step is one operation instead of a dozen.

    With Keras' own layer, a step of ``cnn`` takes 1.22 times the CPU time (two cores, Xeon 2.5 GHz
    with AVX512-VNNI, float32, 128 images, 6 alternating rounds: ``python -m
    benchmarks.layer_speed``).
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Return normalised features of the same shape and dtype."""
        if not training or keras.backend.backend() != "tensorflow":
            return super().call(inputs, training=training, mask=mask)
        import tensorflow as tf

        is_flat = len(inputs.shape) == 2
        maps = inputs[:, None, None, :] if is_flat else inputs
        maps, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=maps,
            scale=ops.cast(self.gamma, "float32"),
            offset=ops.cast(self.beta, "float32"),
            mean=[],
            variance=[],
            epsilon=self.epsilon,
        )
        # TensorFlow's variance is the unbiased estimate for the population, Keras' that of the
        # batch.
        count = ops.cast(ops.prod(ops.shape(maps)[:-1]), "float32")
        variance *= (count - 1) / count
        for average, new in ((self.moving_mean, mean), (self.moving_variance, variance)):
            average.assign(average * self.momentum + new * (1 - self.momentum))
        return maps[:, 0, 0, :] if is_flat else maps


def average_statistics(trainer: keras.Model, momentum: float) -> None:
    """Average the moving statistics with the same momentum as the weights.

    Otherwise the averaged weights would be validated with statistics from the last dozen steps,
    which belong to a different network while the learning rate is high.
    """
    for layer in _list_normalizations(trainer):
        layer.momentum = momentum


def reset_statistics(network: keras.Model) -> None:
    """Start the moving statistics of each batch normalisation at mean 0 and variance 1."""
    for layer in _list_normalizations(network):
        layer.moving_mean.assign(ops.zeros(layer.moving_mean.shape))
        layer.moving_variance.assign(ops.ones(layer.moving_variance.shape))


def correct_statistics(network: keras.Model, steps: int, momentum: float | None = None) -> None:
    """Remove the remaining bias of moving statistics towards their initial values, 0 and 1.

    Keras leaves them biased: after 13 steps with momentum 0.9, a quarter of a variance is still the
    initial value, and a trained network classifies at chance level. As in Adam, each is divided by
    ``1 - momentum ** steps``; after about 150 steps, that changes no bit.

    Args:
        network: the network to modify; its statistics were initialised by ``reset_statistics``.
        steps: number of training steps since, at least 1.
        momentum: the momentum of their average; None for each layer's own.
    """
    for layer in _list_normalizations(network):
        start = (layer.momentum if momentum is None else momentum) ** steps
        variance = (layer.moving_variance - start) / (1 - start)
        layer.moving_mean.assign(layer.moving_mean / (1 - start))
        layer.moving_variance.assign(ops.maximum(variance, 0.0))


def _list_normalizations(network: keras.Model) -> list[Any]:
    found = []
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            found += _list_normalizations(layer)
        elif isinstance(layer, keras.layers.BatchNormalization):
            found.append(layer)
    return found


class ProductConvolution(keras.layers.Conv2D):  # type: ignore[misc]
    """A convolution that computes its filter gradient as one matrix product per tap.

    On maps of 7×7 in bfloat16, oneDNN's filter gradient took about twice as long or more
    (AVX512-BF16, 128 images, 128 and 256 maps, a busy machine); on 28×28, it was faster. Float32
    steps, and ``cnn``, use Keras' own code. To repeat, on a processor with bfloat16: ``python -m
    benchmarks.layer_speed --network compact --precision mixed_bfloat16``.
    """

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """Return the maps; only the gradient differs from Keras' convolution."""
        height, width = inputs.shape[1:3]
        is_plain = self.strides == (1, 1) == self.dilation_rate and self.padding == "same"
        is_small = max(height, width) <= SMALL_MAP and self.kernel_size == (3, 3)
        is_half = keras.backend.standardize_dtype(kernel.dtype) == "bfloat16"
        if keras.backend.backend() != "tensorflow" or not (is_plain and is_small and is_half):
            return super().convolution_op(inputs, kernel)
        return _convolve(inputs, ops.cast(kernel.value, inputs.dtype))


def _convolve(maps: Any, kernel: Any) -> Any:
    import tensorflow as tf

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def convolve(x: Any, k: Any) -> Any:
        def differentiate(dy: Any) -> tuple[Any, Any]:
            dx = tf.nn.conv2d_transpose(dy, k, tf.shape(x), strides=1, padding="SAME")
            rows, columns, n_in, n_out = k.shape
            height, width = x.shape[1:3]
            framed = tf.pad(x, [[0, 0], [rows // 2] * 2, [columns // 2] * 2, [0, 0]])
            flat_dy = tf.reshape(dy, (-1, n_out))
            taps = [
                tf.matmul(
                    tf.reshape(framed[:, i : i + height, j : j + width], (-1, n_in)),
                    flat_dy,
                    transpose_a=True,
                )
                for i in range(rows)
                for j in range(columns)
            ]
            return dx, tf.reshape(tf.stack(taps), k.shape)

        return tf.nn.conv2d(x, k, strides=1, padding="SAME"), differentiate

    return convolve(maps, kernel)
