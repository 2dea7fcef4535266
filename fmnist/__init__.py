"""Fashion-MNIST Lab: train, evaluate and explain networks that classify clothes.

``docs/architecture.md`` describes the packages and which may import which.
"""

from fmnist.keras_env import configure_keras

configure_keras()
