"""Find, verify, download, parse, cache and split Fashion-MNIST.

``load_dataset`` is the entry point: it returns four read-only arrays, whatever their source.

* ``names``, ``inventory``, ``sources``: the files in the archive, and the ones to use
* ``open_file``: plain, gzipped and zipped files as one stream
* ``idx``; ``csv_layout``, ``csv_cells``, ``csv_read``, ``csv_rows``: parse and check them
* ``download``: the official files from the mirrors; ``demo``: the data set drawn by the program
* ``cache``: parsed arrays on disk, memory-mapped by every process
* ``split``, ``edits``, ``describe``, ``csv_write``: work on a loaded set
"""

from __future__ import annotations

from fmnist.data.csv_write import write_csv
from fmnist.data.dataset import Dataset, Progress, Source, SourceFile
from fmnist.data.describe import describe_dataset
from fmnist.data.download import download_official
from fmnist.data.load import load_dataset, load_demo_dataset
from fmnist.data.split import count_folds, split_validation

__all__ = [
    "Dataset",
    "Progress",
    "Source",
    "SourceFile",
    "count_folds",
    "describe_dataset",
    "download_official",
    "load_dataset",
    "load_demo_dataset",
    "split_validation",
    "write_csv",
]
