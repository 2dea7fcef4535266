"""Several accelerators in one machine, each of which computes a part of every batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras


@contextmanager
def use_all_devices() -> Iterator[None]:
    """Replicate variables created in this context on all JAX devices.

    This is Keras' data parallelism: ``CompiledEpochs`` then splits each batch among the devices and
    sums their gradients. It has no effect with one device, or with TensorFlow, which uses the
    first.
    """
    count = 1
    if keras.backend.backend() == "jax":
        import jax

        count = jax.device_count()
    if count == 1:
        yield
        return
    print(f"{count} devices share each batch.", flush=True)
    with keras.distribution.DataParallel().scope():
        yield
