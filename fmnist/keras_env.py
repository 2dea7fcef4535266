"""How Keras is configured in every process of this application, whatever the user's settings say.

When it is imported, Keras reads ``keras.json`` (below ``KERAS_HOME``, else ``~/.keras``) and
``KERAS_BACKEND``. A ``channels_first`` there would train a different network under the same name,
and ``float16`` would end the training. Therefore ``fmnist/__init__.py`` calls ``configure_keras``
before any module of this package can import Keras. Child processes inherit the variables and set
them again.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

BACKEND: Final = "tensorflow"
"""The backend of all processes but those that train, which ``fmnist.training.backend`` decides."""

KERAS_HOME: Final = Path(__file__).with_name("keras_home")
"""Our ``keras.json``: float type, epsilon and image layout. Keras writes nothing there."""

_LIMITS: Final = ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH", "KERAS_NNX_ENABLED")
"""Variables that would cut epochs short or change how Keras holds its variables."""


def build_keras_environment(backend: str = BACKEND) -> dict[str, str]:
    """Return the environment variables that decide backend, float type, epsilon and layout."""
    return {"KERAS_BACKEND": backend, "KERAS_HOME": str(KERAS_HOME)}


def configure_keras(backend: str = BACKEND) -> None:
    """Set this process' variables; without effect on a Keras that was imported before."""
    os.environ.update(build_keras_environment(backend))
    # TensorFlow leaves oneDNN's kernels off on processors without AVX512-VNNI, where they still
    # make 1.4 times as many steps (decision 10). It reads this when it is imported.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    for name in _LIMITS:
        os.environ.pop(name, None)
