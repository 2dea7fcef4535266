"""Saved plots of an item: the item is found inside, else the answer is not certain."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from fmnist.images import Overrides
from fmnist.images.decode import decode_picture
from fmnist.images.examples import draw_examples
from fmnist.images.pipeline import prepare_picture
from fmnist.images.segment.colour_maps import invert_colours
from fmnist.images.segment.figures import find_figure
from tests.support.figures import GREY, draw_axes, draw_items, enlarge

MAPS = {
    "gray": GREY, "viridis": cv2.COLORMAP_VIRIDIS, "magma": cv2.COLORMAP_MAGMA,
    "inferno": cv2.COLORMAP_INFERNO, "plasma": cv2.COLORMAP_PLASMA,
}  # fmt: skip
ITEM = 9


def likeness(image: np.ndarray, item: np.ndarray) -> float:
    return float(np.corrcoef(image.ravel(), item.ravel())[0, 1])


def assert_item(figure: np.ndarray, item: np.ndarray, least: float = 0.99) -> None:
    prepared = prepare_picture(figure)
    assert prepared.is_native
    assert not prepared.is_uncertain
    assert prepared.warning is None
    assert likeness(prepared.image, item) >= least
    assert [step.id for step in prepared.steps] == ["given", "figure", "image"]


@pytest.mark.parametrize("label", range(10))
@pytest.mark.parametrize("colour_map", ["gray", "viridis"])
def test_item_is_read_from_axes(label: int, colour_map: str) -> None:
    item = draw_items()[label]
    assert_item(draw_axes(enlarge(item, 369, MAPS[colour_map]), bar=True, title="Item"), item)


@pytest.mark.parametrize("side", [77, 112, 185.5, 369, 500])
@pytest.mark.parametrize("colour_map", MAPS)
def test_size_and_colour_map_do_not_matter(side: float, colour_map: str) -> None:
    item = draw_items()[ITEM]
    assert_item(draw_axes(enlarge(item, side, MAPS[colour_map])), item)


@pytest.mark.parametrize("background", ["white", "#ffeecc", "#d3d3d3", "black"])
def test_background_and_negative_do_not_matter(background: str) -> None:
    item = draw_items()[ITEM]
    ink = "white" if background == "black" else "black"
    for drawn in (item, 255 - item):
        assert_item(draw_axes(enlarge(drawn, 300, GREY), background=background, ink=ink), item)


def test_item_without_axes_is_read_by_its_cells() -> None:
    item = draw_items()[ITEM]
    figure = draw_axes(enlarge(255 - item, 364, GREY), ticks=False, line=0, title="Ankle boot")
    assert_item(figure, item, 0.9)


def test_enlarged_image_without_anything_around_it_is_read() -> None:
    item = draw_items()[ITEM]
    rgb = enlarge(item, 280, cv2.COLORMAP_VIRIDIS)
    assert_item(np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)]), item)


def test_smooth_enlargement_is_read_in_a_frame() -> None:
    item = draw_items()[ITEM]
    assert_item(draw_axes(enlarge(item, 369, GREY, cv2.INTER_LINEAR)), item, 0.95)


@pytest.mark.parametrize("quality", [75, 95])
def test_figure_saved_as_jpeg_is_read(quality: int) -> None:
    item = draw_items()[ITEM]
    file = io.BytesIO()
    figure = draw_axes(enlarge(item, 369, cv2.COLORMAP_VIRIDIS))
    Image.fromarray(figure[..., :3]).save(file, "JPEG", quality=quality)
    assert_item(decode_picture(file.getvalue(), "figure.jpg"), item, 0.98)


def test_figure_of_two_images_is_not_certain_and_a_box_decides() -> None:
    items = draw_items()
    halves = [draw_axes(enlarge(items[label], 200, GREY)) for label in (9, 1)]
    figure = np.concatenate(halves, axis=1)
    prepared = prepare_picture(figure)
    assert prepared.is_uncertain
    assert "2 plots: draw a box" in prepared.warning
    boxed = prepare_picture(figure, overrides=Overrides(box=(0.5, 0.0, 1.0, 1.0)))
    assert not boxed.is_uncertain
    assert likeness(boxed.image, items[1]) > 0.99


def test_plot_that_is_not_understood_is_not_certain() -> None:
    """Two ways to and fro between blue and red have no order of their own."""
    item = draw_items()[ITEM]
    ramp = np.abs(np.arange(256) - 128).clip(0, 127).astype(np.uint8)
    colours = np.stack([127 + ramp, 255 - 2 * ramp, np.arange(256)[::-1]], axis=1).astype(np.uint8)
    prepared = prepare_picture(draw_axes(colours[enlarge(item, 369, GREY)[..., 0]]))
    assert prepared.is_uncertain
    assert "save the picture itself" in prepared.warning


def test_photo_in_axes_is_cut_out_and_not_certain() -> None:
    photo = draw_examples()[0].picture[..., :3]
    prepared = prepare_picture(draw_axes(photo))
    assert prepared.is_uncertain
    assert prepared.find_step("figure").picture.shape[0] > 150
    top, left, side = prepared.frame
    assert 0 <= top < 192
    assert left > 80 * 192 / 520 - 2
    assert side < 192 * 330 / 520


def test_frame_is_where_the_plot_is() -> None:
    figure = draw_axes(enlarge(draw_items()[ITEM], 300, GREY))
    scale = 192 / max(figure.shape[:2])
    expected = np.array([60, 80, 300]) * scale
    assert prepare_picture(figure).frame == pytest.approx(expected, abs=3)


def test_examples_are_no_figures() -> None:
    for example in draw_examples():
        assert find_figure(example.picture[..., :3]) is None


@pytest.mark.parametrize("colour_map", MAPS)
def test_colours_become_intensities_again(colour_map: str) -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8), (3, 1))
    drawn = cv2.resize(ramp, (256, 256), interpolation=cv2.INTER_NEAREST)
    rgb = enlarge(drawn, 256, MAPS[colour_map])
    np.testing.assert_allclose(invert_colours(rgb), drawn, atol=2)


def test_unknown_map_is_inverted_by_its_luminance() -> None:
    blues = np.linspace((247, 251, 255), (8, 48, 107), 256).round().astype(np.uint8)
    ramp = np.tile(np.arange(256), (2, 1))
    assert (np.diff(invert_colours(blues[ramp])[0]) <= 0).all()
