"""Find, verify, download, parse, cache and split Fashion-MNIST.

``load_dataset`` is the door: it returns four read-only arrays, wherever they came from. Behind it
``sources`` finds files, ``idx`` and ``csv_read`` parse and check them, ``download`` fetches the
official ones, ``demo`` draws garments when there is nothing else, and ``cache`` keeps the result.
"""

from __future__ import annotations

from fmnist.data.csv_write import write_csv
from fmnist.data.dataset import Dataset, Progress, Source, SourceFile
from fmnist.data.describe import describe_dataset
from fmnist.data.download import download_official
from fmnist.data.load import load_dataset, load_demo_dataset
from fmnist.data.split import split_validation

__all__ = [
    "Dataset",
    "Progress",
    "Source",
    "SourceFile",
    "describe_dataset",
    "download_official",
    "load_dataset",
    "load_demo_dataset",
    "split_validation",
    "write_csv",
]
