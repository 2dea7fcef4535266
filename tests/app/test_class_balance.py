from __future__ import annotations

from tests.support.explore_pages import (
    open_alone,
    open_through_router,
    read_metrics,
    read_texts,
)
from tests.support.pages import open_part

PAGE = "pages/class_balance.py"


def test_counts_shares_and_duplicates_are_those_of_the_archive(archive):
    app = open_alone(PAGE)
    assert not app.exception
    metrics = read_metrics(app)
    assert metrics["Training images"] == "300"
    assert metrics["Test images"] == "60"
    assert metrics["Training: largest ÷ smallest class"] == "1.00"
    assert metrics["Identical groups"] == "1"
    assert metrics["Nearly identical groups"] == "0"
    assert metrics["Test images duplicated in training"] == "1"
    assert "Every class has exactly 36 images" in read_texts(app)
    duplicates = app.dataframe[0].value
    assert duplicates[["split", "row"]].to_numpy().tolist() == [["train", 21], ["test", 11]]
    sheet = "".join(block.proto.body for block in app.get("html"))
    assert "T-shirt/top, train row 21" in sheet
    assert "T-shirt/top, test row 11" in sheet
    assert "Identical. Grey levels" in read_texts(app)
    open_part(app, "class_counts_table")
    assert app.dataframe[0].value["train"].tolist() == [30] * 10
    assert app.selectbox[0].options == ["1: T-shirt/top · train row 21, test row 11"]


def test_through_the_router(archive):
    app = open_through_router(PAGE)
    assert not app.exception
    assert app.title[0].value == "Class balance"
    assert read_metrics(app)["Identical groups"] == "1"


def test_a_broken_archive_is_named_and_the_demo_set_offered(archive):
    path = archive / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:20])
    app = open_alone(PAGE)
    assert not app.exception
    assert "t10k-labels-idx1-ubyte" in app.error[0].value
    assert "Use the demo set" in [button.label for button in app.button]
    assert not app.metric


def test_a_set_without_duplicates_shows_no_table_of_them(archive):
    path = archive / "t10k-images-idx3-ubyte"
    content = bytearray(path.read_bytes())
    content[16 + 10 * 784 : 16 + 11 * 784] = bytes(range(256)) * 3 + bytes(16)
    path.write_bytes(content)
    app = open_alone(PAGE)
    assert "No two of the 360 images are identical" in read_texts(app)
    assert not app.dataframe
    assert not app.selectbox
