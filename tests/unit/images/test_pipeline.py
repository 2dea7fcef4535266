"""Each step of the path, on photos and images of the data set's kind."""

import io

import numpy as np
import pytest
from PIL import Image

from fmnist.errors import ImageError
from fmnist.images.compose.fit import Box, compute_box, fit_image
from fmnist.images.decode import decode_picture
from fmnist.images.pipeline import prepare_picture
from tests.support.garments import (
    assert_shirt,
    difference,
    expected_silhouette,
    garment,
)


@pytest.mark.parametrize("background", [(250, 250, 250), (8, 8, 8), (150, 60, 60), (90, 160, 90)])
def test_photo_on_any_background(background):
    prepared = prepare_picture(garment(background))
    assert prepared.kind == "photo"
    assert_shirt(prepared.image)
    assert 120 <= np.median(prepared.image[prepared.image > 15]) <= 235
    assert prepared.warning is None


def test_photo_on_a_noisy_background():
    assert_shirt(prepare_picture(garment((225, 215, 200), noise=20)).image, 0.09)


def test_photo_steps_in_order():
    steps = [step.id for step in prepare_picture(garment()).steps]
    assert steps == ["given", "light", "garment", "crop", "tones", "image"]


def test_variants_of_a_photo_are_the_image_a_smaller_one_and_narrower_ones():
    prepared = prepare_picture(garment())
    assert prepared.variants.shape == (4, 28, 28)
    assert (prepared.variants[0] == prepared.image).all()
    high, wide = np.transpose([np.ptp(np.nonzero(v > 15), axis=1) + 1 for v in prepared.variants])
    assert wide[0] == 28
    assert 25 <= wide[1] <= 26
    assert high[2:] == pytest.approx(high[:2], abs=1)
    assert wide[2:] == pytest.approx(0.85 * wide[:2], abs=1)


def test_picture_on_black_is_not_negated():
    picture = garment((0, 0, 0), (200, 200, 200))
    kept = prepare_picture(picture)
    assert "not negated" in kept.find_step("light").sentence
    negative = picture.copy()
    negative[..., :3] = 255 - negative[..., :3]  # on white, and negated
    assert difference(kept.image, prepare_picture(negative).image) <= 2


def test_off_centre_equals_centred():
    picture = garment(side=256, shift=(28, 28))
    centred = prepare_picture(picture).image
    shifted = prepare_picture(np.roll(picture, (-40, 24), axis=(0, 1))).image
    assert difference(centred, shifted) <= 1


def test_size_does_not_matter():
    picture = garment()
    larger = np.array(Image.fromarray(picture).resize((800, 800), Image.Resampling.BILINEAR))
    assert difference(prepare_picture(picture).image, prepare_picture(larger).image) <= 8


@pytest.mark.parametrize("color", [(0, 0, 0), (120, 80, 30)])
def test_frame_is_taken_off(color):
    framed = np.zeros((240, 240, 4), np.uint8)
    framed[:] = (*color, 255)
    framed[20:220, 20:220] = garment((235, 235, 235))
    prepared = prepare_picture(framed)
    assert prepared.find_step("unframed").picture.shape == (160, 160, 3)
    assert_shirt(prepared.image)


def test_transparent_photo():
    picture = garment()
    picture[..., 3] = np.where((picture[..., :3] == 250).all(axis=2), 0, 255)
    assert_shirt(prepare_picture(picture).image)


def test_image_of_the_data_set_is_taken_as_it_is():
    rng = np.random.default_rng(5)
    image = np.where(expected_silhouette(), rng.integers(30, 255, (28, 28)), 0).astype(np.uint8)
    saved = np.dstack([image, image, image, np.full_like(image, 255)])
    assert (prepare_picture(saved).image == image).all()
    negative = saved.copy()
    negative[..., :3] = 255 - negative[..., :3]
    assert (prepare_picture(negative).image == image).all()


@pytest.mark.parametrize("mode", ["L", "P", "I;16", "RGB"])
def test_image_of_zeros_and_ones_is_stretched(mode):
    silhouette = expected_silhouette()
    image = Image.fromarray(silhouette.astype(np.uint16 if mode == "I;16" else np.uint8))
    if mode == "P":
        image.putpalette([0, 0, 0, 1, 1, 1])
    file = io.BytesIO()
    (image.convert("RGB") if mode == "RGB" else image).save(file, "PNG")
    prepared = prepare_picture(decode_picture(file.getvalue(), "ones.png"))
    assert (prepared.image == 255 * silhouette).all()
    assert prepared.is_native
    assert "0 and 1" in prepared.steps[0].sentence


def test_lost_shades_of_zeros_and_ones_are_reported():
    """What casting an image from 0 to 1 to whole numbers leaves: its brightest pixels."""
    image = np.zeros((28, 28, 4), np.uint8)
    image[10:14, 9:19, :3] = 1
    image[..., 3] = 255
    prepared = prepare_picture(image)
    assert prepared.image.any()
    assert "multiply" in prepared.warning


def test_larger_image_of_the_data_set_stays_close():
    image = prepare_picture(garment()).image
    larger = np.kron(image, np.ones((10, 10), np.uint8))
    again = prepare_picture(np.dstack([larger] * 3 + [np.full_like(larger, 255)])).image
    assert ((image > 15) != (again > 15)).mean() <= 0.06


@pytest.mark.parametrize(
    "color", [(0, 0, 0, 0), (255, 255, 255, 255), (90, 20, 200, 255), (3, 3, 3, 9)]
)
@pytest.mark.parametrize("size", [(1, 1), (1, 90), (400, 400), (28, 28)])
def test_blank_is_reported(color, size):
    picture = np.empty((*size, 4), np.uint8)
    picture[:] = color
    prepared = prepare_picture(picture)
    assert not prepared.image.any()
    assert prepared.warning.startswith("There is nothing to see")


def test_small_subject_is_reported():
    picture = np.full((256, 256, 4), 255, np.uint8)
    picture[100:106, 90:96, :3] = 0
    prepared = prepare_picture(picture)
    assert prepared.image.any()
    assert "small" in prepared.warning


def test_low_contrast_is_reported():
    picture = np.full((100, 100, 4), 255, np.uint8)
    picture[20:80, 30:70, :3] = 240
    prepared = prepare_picture(picture)
    assert prepared.image.any()
    assert "contrast" in prepared.warning


@pytest.mark.parametrize(
    "bad",
    [np.zeros((5, 5), np.uint8), np.zeros((5, 5, 4), np.float32), np.zeros((0, 5, 4), np.uint8)],
)
def test_wrong_arguments_are_refused(bad):
    with pytest.raises(ImageError, match="uint8"):
        prepare_picture(bad)
    with pytest.raises(ImageError, match="sketch"):
        prepare_picture(garment(), "sketch")


@pytest.mark.parametrize("shape", [(1, 1), (20, 500), (500, 20), (28, 28), (7, 3), (300, 200)])
@pytest.mark.parametrize("margin", [0.0, 0.08])
def test_longest_side_fills_the_image(shape, margin):
    image = fit_image(np.full(shape, 200, np.float32), Box(0, shape[0], 0, shape[1]), margin)
    expected = [max(1, round(28 / (1 + margin) * side / max(shape))) for side in shape]
    inside = compute_box(image >= 100)
    assert abs(inside.height - expected[0]) <= 2
    assert abs(inside.width - expected[1]) <= 2
    assert abs(inside.top + inside.bottom - 28) <= 2
    assert abs(inside.left + inside.right - 28) <= 2
