"""Trains the ``cnn`` as in a notebook: the reference for ``train_speed``.

The same network, Keras' ``fit`` on float32 arrays, batches of 128, Adam at 0.001, no augmentation,
otherwise defaults. It is a separate process, because some of TensorFlow's settings apply to the
whole process. For each line read, a number of batches, it trains that many and writes a line of
JSON: the seconds, and the test accuracy if the line ends with ``test``.
"""

from __future__ import annotations

import json
import sys
import time

import tensorflow as tf  # isort: skip
import keras
import numpy as np

from fmnist.data import load_dataset
from fmnist.networks import find_network
from fmnist.networks.build import build_network
from fmnist.training.data import as_batch, choose_training_data
from fmnist.training.scoring import compute_metrics, predict_probabilities


def main() -> None:
    """Train as requested, line by line, until there are no more lines."""
    tf.get_logger().setLevel("ERROR")
    recipe = find_network("cnn").recipe
    dataset = load_dataset(download=False)
    rows = choose_training_data(dataset, recipe).train_rows
    x, y = as_batch(dataset.x_train[rows]), np.asarray(dataset.y_train[rows])
    y_test = np.asarray(dataset.y_test)
    keras.utils.set_random_seed(int(sys.argv[1]))
    network = build_network(recipe)
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    for line in sys.stdin:
        count, *asked = line.split()
        images = int(count) * 128
        start = time.perf_counter()
        network.fit(x[:images], y[:images], batch_size=128, verbose=0)
        answer = {"seconds": time.perf_counter() - start}
        if asked == ["test"]:
            y_proba = predict_probabilities(network, dataset.x_test, lambda _: None)
            answer["test"] = compute_metrics(y_test, y_proba)["accuracy"]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
