"""Test images on the Evaluate page: those of a cell of the confusion matrix, and the mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.evaluate_pages import open_page
from tests.support.pages import fake_pool, in_url, texts

pytestmark = pytest.mark.usefixtures("planted")


def test_cell_is_picked_by_keyboard_and_kept_in_the_url(a_run: None) -> None:
    page = open_page()
    page.selectbox(key="evaluate_true").select(9)
    page.selectbox(key="evaluate_predicted").select(7).run()
    assert "Ankle boot classified as Sneaker: 2 images" in texts(page)
    assert in_url(page, "cell") == "9-7"


def test_cell_is_restored_from_the_url(a_run: None) -> None:
    page = open_page(run="first", cell="9-7")
    assert "Ankle boot classified as Sneaker: 2 images" in texts(page)
    assert page.selectbox(key="evaluate_true").value == 9
    assert not page.warning


@pytest.mark.parametrize("cell", ["9-17", "a-b", "6", "", "²-3", "-1-3"])
def test_cell_that_does_not_exist_is_reported(a_run: None, cell: str) -> None:
    page = open_page(cell=cell)
    assert "is not a cell" in page.warning[0].value
    assert in_url(page, "cell") == "6-0"


def test_empty_cell_says_so(a_run: None) -> None:
    assert "No image falls into this cell" in texts(open_page(cell="1-9"))


def test_correct_cell_shows_its_items(a_run: None) -> None:
    assert "Trouser classified correctly: 17 images" in texts(open_page(cell="1-1"))


def test_item_of_a_cell_is_chosen_by_keyboard(a_run: None) -> None:
    page = open_page(cell="6-0")
    assert "Test image 6." in texts(page)
    page.selectbox(key="evaluate_cell_6_0_sheet_1_choice").select_index(3).run()
    assert "Test image 26." in texts(page)


def test_mistakes_are_filtered_ranked_and_paged(a_run: None) -> None:
    page = open_page(view="Mistakes")
    assert "**30 mistakes**" in texts(page)
    assert "Test image 6." in texts(page)
    page.selectbox(key="evaluate_filter_true").select(6).run()
    assert "**6 mistakes**" in texts(page)
    page.selectbox(key="evaluate_filter_predicted").select(7).run()
    assert "**2 mistakes**" in texts(page)
    assert "Test image 106." in texts(page)
    (link,) = [each for each in page.get("page_link") if each.proto.label == "Judge this label"]
    assert link.proto.query_string == "image=test-106"
    page.selectbox(key="evaluate_filter_predicted").select(1).run()
    assert "No mistake passes these filters" in texts(page)


@pytest.mark.processes
def test_prediction_for_an_item_is_explained_when_asked(
    a_run: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models" / "first" / "model.keras").touch()
    fake_pool(monkeypatch)
    page = open_page(cell="6-0")
    page.toggle(key="evaluate_cell_item_explain_on").set_value(True).run()
    choice = page.segmented_control(key="evaluate_cell_item_explain")
    assert choice.value == "layercam"
    assert "model.keras is damaged" in page.error[0].value  # it needs Keras, and the file is empty
    choice.set_value("occlusion").run()
    assert not page.error
    assert "lowers the probability of T-shirt/top" in texts(page)
    choice.set_value("agreement").run()
    assert "**1 of 1** networks predict Ankle boot" in texts(page)


def test_boxes_start_at_the_cell_in_every_rerun(a_run: None) -> None:
    """A browser that draws the page after a second run only must show what Python computes with."""
    page = open_page(cell="9-7")
    page.run()
    starts = [
        page.selectbox(key=f"evaluate_{name}").proto.default for name in ("true", "predicted")
    ]
    assert starts == [9, 7]
    assert "Ankle boot classified as Sneaker: 2 images" in texts(page)


def test_chosen_picture_is_what_its_box_starts_at_in_every_rerun(a_run: None) -> None:
    page = open_page(cell="6-0")
    page.selectbox(key="evaluate_cell_6_0_sheet_1_choice").select_index(3).run()
    page.run()
    assert page.selectbox(key="evaluate_cell_6_0_sheet_1_choice").proto.default == 3


def test_cell_leads_to_its_images_on_the_map(a_run: None, tmp_path: Path) -> None:
    (tmp_path / "models" / "first" / "model.onnx").touch()
    links = {link.proto.label: link.proto for link in open_page(cell="9-7").get("page_link")}
    assert links["Show these images on the map"].query_string == "run=first&cell=9-7"
