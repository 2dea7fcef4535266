"""How a source names itself and the place of each image."""

from __future__ import annotations

from fmnist.data import Source, SourceFile, load_dataset
from fmnist.data.demo import N_TEST, N_TRAIN
from tests.support.archives import build_arrays, write_csvs, write_idx


def test_labels(tmp_path):
    demo = Source("demo", None, (), (), N_TRAIN, N_TEST)
    assert demo.is_demo
    assert demo.label == "Demo set: 6,000 + 1,000 garments drawn by this program"
    idx = Source("idx", str(tmp_path), (), (), 60_000, 10_000)
    assert not idx.is_demo
    assert idx.label.startswith("Fashion-MNIST, 60,000 + 10,000 images, from the IDX files in ")


def test_a_row_of_a_csv_file_has_a_line(archive):
    write_csvs(archive, build_arrays())
    source = load_dataset().source
    assert source.describe_row("train", 7) == "7 of fashion-mnist_train.csv (line 8)"
    assert source.describe_row("test", 1) == "1 of fashion-mnist_test.csv (line 2)"


def test_a_row_of_an_idx_file_has_none(archive):
    write_idx(archive, build_arrays())
    source = load_dataset().source
    assert source.describe_row("train", 7) == "7 of train-images-idx3-ubyte.gz"
    assert source.describe_row("test", 7) == "7 of t10k-images-idx3-ubyte.gz"


def test_a_row_of_the_demo_set_has_no_file():
    source = Source("demo", None, (), ())
    assert source.describe_row("train", 1_234) == "1,234 of the demo set's training images"
    assert source.describe_row("test", 5) == "5 of the demo set's test images"


def test_a_file_without_a_header_begins_with_line_1():
    files = tuple(SourceFile(name, 9, 1, None, first_line=1) for name in ("a.csv", "b.csv"))
    source = Source("csv", "/somewhere", files, ())
    assert source.describe_row("test", 3) == "3 of b.csv (line 3)"
