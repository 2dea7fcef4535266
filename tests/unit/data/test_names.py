"""Which file names are recognised as parts of the data set."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from fmnist.data.names import CSV_NAMES, IDX_NAMES, explain_why_unused, identify_file, is_other_set

TRAIN_CSV, TEST_CSV = CSV_NAMES
X_TRAIN, Y_TRAIN, X_TEST, Y_TEST = IDX_NAMES


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("fashion-mnist_train.csv", TRAIN_CSV),
        ("fashion-mnist_test.csv.gz", TEST_CSV),
        ("FASHION-MNIST_TEST.CSV", TEST_CSV),
        ("fashion_mnist_train.csv", TRAIN_CSV),
        ("fashion-mnist-train.csv", TRAIN_CSV),
        ("FashionMNIST_test.csv", TEST_CSV),
        ("fashion-mnist_train (1).csv", TRAIN_CSV),
        ("fashion-mnist_train(1).csv", TRAIN_CSV),
        ("fashion-mnist_train - Copy.csv", TRAIN_CSV),
        ("fashion-mnist_train - Copy (2).csv", TRAIN_CSV),
        ("fashion-mnist_train copy 2.csv", TRAIN_CSV),
        ("Copy of fashion-mnist_test.csv", TEST_CSV),
        ("fashion-mnist_train.csv.csv", TRAIN_CSV),
        ("fashion-mnist_train.csv.txt", TRAIN_CSV),
        ("fashion-mnist_train.tsv", TRAIN_CSV),
        ("train-images-idx3-ubyte", X_TRAIN),
        ("train-images.idx3-ubyte", X_TRAIN),
        ("t10k-labels.idx1-ubyte", Y_TEST),
        ("t10k-images-idx3-ubyte.gz", X_TEST),
        ("t10k-images-idx3-ubyte (1).gz", X_TEST),
        ("train_labels_idx1_ubyte", Y_TRAIN),
        ("train-labels-idx1-ubyte.bin", Y_TRAIN),
        ("train-images.idx", X_TRAIN),
        ("TRAIN-IMAGES-IDX3-UBYTE.GZ", X_TRAIN),
        ("train images idx3 ubyte", X_TRAIN),
        ("test-labels-idx1-ubyte", Y_TEST),
        ("fashion-mnist-train-images-idx3-ubyte.gz", X_TRAIN),
        ("fmnist_t10k-images-idx3-ubyte", X_TEST),
    ],
)
def test_names_as_programs_leave_them(name, part):
    assert identify_file(name) == part


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("mnist_train.csv", "name it like fashion-mnist_train.csv"),
        ("train.csv", "name it like fashion-mnist_train.csv"),
        ("fashion-mnist_train_2.csv", "name it like"),
        ("fashion-mnist.csv", "name it like"),
        ("train-images-idx1-ubyte", "name it like train-images-idx3-ubyte"),
        ("emnist-letters-train-images-idx3-ubyte", "name it like"),
        ("fashion-mnist.tar.gz", "unpack it"),
        ("fashion-mnist.7z", "unpack it"),
        ("fashion-mnist_train.csv.crdownload", "unfinished download"),
        ("fashion-mnist_train.parquet", "only CSV and IDX files can be read"),
        ("fashion_mnist.npz", "only CSV and IDX files can be read"),
        ("._train-images-idx3-ubyte", "metadata of macOS"),
    ],
)
def test_other_data_files_are_explained(name, reason):
    assert identify_file(name) is None
    assert reason in explain_why_unused(name)


@pytest.mark.parametrize("name", ["README.md", "MD5SUMS", ".gitkeep", "notes.txt", "picture.png"])
def test_other_files_are_passed_over(name):
    assert identify_file(name) is None
    assert explain_why_unused(name) is None


def test_a_folder_of_another_set():
    assert is_other_set(PurePosixPath("data/MNIST/raw"))
    assert not is_other_set(PurePosixPath("data/FashionMNIST/raw"))
