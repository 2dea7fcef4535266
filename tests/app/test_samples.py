from __future__ import annotations

import numpy as np
import pytest

from tests.support.explore_pages import (
    TWIN_TEST_ROW,
    TWIN_TRAIN_ROW,
    build_images,
    read_texts,
)
from tests.support.pages import open_page as open_by_name


def open_page(**query):
    """Go to the page with a query in the URL (``class_`` is ``class``)."""
    app = open_by_name("samples", **{name.rstrip("_"): value for name, value in query.items()})
    assert not app.exception
    assert not app.error
    return app


def find_sheet(app):
    (sheet,) = [box for box in app.selectbox if box.label == "Image"]
    return sheet


def find_row(app):
    (row,) = [box for box in app.number_input if box.label == "Row in the file"]
    return row


def find_button(app, label):
    (button,) = [button for button in app.button if button.label == label]
    return button


def test_opens_on_the_first_page_of_all_training_images(archive):
    app = open_page()
    assert app.title[0].value == "Samples"
    assert "Page 1 of 13 · 300 images" in read_texts(app)
    assert len(find_sheet(app).options) == 1 + 24
    assert "The image you choose is shown here" in read_texts(app)
    assert find_button(app, "Previous").disabled


def test_next_and_previous_walk_through_the_pages(archive):
    app = open_page(seed="0")
    find_button(app, "Next").click().run()
    assert "Page 2 of 13" in read_texts(app)
    assert app.query_params["page"] in ("2", ["2"])
    assert find_sheet(app).options[1].endswith("Coat")  # row 25, label 4
    find_button(app, "Previous").click().run()
    assert "Page 1 of 13" in read_texts(app)


def test_a_choice_on_the_sheet_is_shown_with_facts_and_neighbours(archive):
    app = open_page(seed="0")
    find_sheet(app).set_value(TWIN_TRAIN_ROW - 1).run()
    assert not app.exception
    assert find_row(app).value == TWIN_TRAIN_ROW
    texts = read_texts(app)
    image = build_images()["x_train"][TWIN_TRAIN_ROW - 1]
    assert "Row 21 of train-images-idx3-ubyte, label 0." in texts
    assert "line" not in texts
    assert f"Mean intensity {image.mean():.0f}, brightest pixel {image.max()}" in texts
    assert "nearest training images are" in texts


def test_a_typed_row_is_framed_on_the_sheet_when_it_lies_there(archive):
    app = open_page(seed="0")
    find_row(app).set_value(4).run()
    assert find_sheet(app).value == 3
    find_row(app).set_value(200).run()
    assert find_sheet(app).value is None
    assert "Row 200 of train-images-idx3-ubyte" in read_texts(app)


def test_clearing_the_choice_clears_the_item(archive):
    app = open_page(seed="0", item="4")
    find_sheet(app).select_index(0).run()
    assert find_row(app).value is None


def test_close_clears_the_item_and_its_frame(archive):
    app = open_page(seed="0", item="4")
    find_button(app, "Close").click().run()
    assert find_row(app).value is None
    assert find_sheet(app).value is None
    assert "item" not in app.query_params


def test_a_choice_survives_reruns_and_a_typed_row_that_follows_it(archive):
    """The box shows what Python computes with, however often the page is drawn again."""
    app = open_page(seed="0")
    find_sheet(app).set_value(6).run()
    for _ in range(3):
        app.run()
        assert find_row(app).value == 7
        assert find_row(app).proto.default == 7
    find_row(app).set_value(2).run()
    app.run()
    assert (find_row(app).value, find_sheet(app).value) == (2, 1)
    assert app.query_params["item"] in ("2", ["2"])


def test_the_url_brings_back_the_whole_view(archive):
    app = open_page(split="Test", class_="T-shirt/top", seed="0", item=str(TWIN_TEST_ROW))
    texts = read_texts(app)
    assert "Page 1 of 1 · 6 images" in texts
    assert "Row 11 of t10k-images-idx3-ubyte" in texts
    assert find_sheet(app).value == 1
    assert (
        "the nearest differs by about 0 of 255 grey levels" in texts
    )  # its twin in the training set


def test_the_item_stays_when_the_page_turns_and_goes_with_the_split(archive):
    app = open_page(seed="0", item="4", page="2")
    assert find_sheet(app).value is None
    assert "Row 4 of train-images-idx3-ubyte" in read_texts(app)
    app.segmented_control(key="split").set_value("Test").run()
    texts = read_texts(app)
    assert find_row(app).value is None
    assert "Page 1 of 3 · 60 images" in texts


@pytest.mark.parametrize(
    "query",
    [{"page": "999"}, {"page": "x"}, {"item": "301"}, {"item": "-1"}, {"item": "²"}, {"seed": "a"}],
)
def test_nonsense_in_the_url_is_no_error(archive, query):
    open_page(**query)


@pytest.mark.parametrize("how", ["Numbers in the image", "Table"])
def test_pixel_values(archive, how):
    app = open_page(item="3")
    app.segmented_control(key="pixels").set_value(how).run()
    assert not app.exception
    if how == "Table":
        image = build_images()["x_train"][2]
        assert (app.dataframe[0].value.to_numpy() == image).all()
    else:
        assert any(block.proto.body.count("<tr>") == 1 + 28 for block in app.get("html"))


def test_a_class_without_images_says_so(archive):
    path = archive / "t10k-labels-idx1-ubyte"
    content = np.frombuffer(path.read_bytes(), np.uint8).copy()
    content[8:][content[8:] == 8] = 3
    path.write_bytes(content.tobytes())
    app = open_page(split="Test", class_="Bag")
    assert "No items to show" in read_texts(app)


@pytest.mark.parametrize("split", ["train", "test"])
def test_the_label_of_an_image_can_be_judged(archive, split):
    app = open_page(split=split.capitalize(), item="4")
    (link,) = app.get("page_link")
    assert (link.proto.label, link.proto.page) == ("Judge this label", "labels")
    assert link.proto.query_string == f"image={split}-3"  # rows of the files count from 1
