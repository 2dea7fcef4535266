"""Each step of the path, on pictures drawn here."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.errors import ImageError
from fmnist.images import decode_picture, prepare_picture
from fmnist.images.compose.fit import Box, compute_box, fit_image
from fmnist.images.drawing.kind import compute_kind
from fmnist.images.segment.ground import compute_on_ground
from fmnist.images.segment.silhouette import compute_contrast

SHIRT = [(60, 20), (140, 20), (190, 60), (170, 90), (145, 75), (145, 180), (55, 180), (55, 75),
         (30, 90), (10, 60)]  # fmt: skip
"""A T-shirt in a square of 200."""


def opaque(image: Image.Image) -> np.ndarray:
    return np.array(image.convert("RGBA"))


def garment(ground=(250, 250, 250), cloth=(60, 40, 120), noise=0.0, seed=0, shift=(0, 0), side=200):
    """A shaded, noisy T-shirt on a plain ground: what a photo has and a drawing has not."""
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).polygon([(x + shift[0], y + shift[1]) for x, y in SHIRT], fill=255)
    inside = np.array(mask)[..., None] > 0
    rng = np.random.default_rng(seed)
    shade = 15 * np.sin(np.arange(side) / 9.0)[None, :, None] + rng.normal(0, 6, (side, side, 1))
    rgb = np.where(inside, np.array(cloth) + shade, np.array(ground))
    rgb = rgb + rng.normal(0, 1, rgb.shape) * noise
    rgb = np.clip(rgb, 0, 255).astype(np.uint8)
    return np.dstack([rgb, np.full((side, side), 255, np.uint8)])


def outline(ground="white", ink="black", width=6, gap=False, points=SHIRT):
    image = Image.new("RGB", (200, 200), ground)
    corners = points if gap else [*points, points[0]]
    ImageDraw.Draw(image).line(corners, fill=ink, width=width, joint="curve")
    return opaque(image)


def expected_silhouette() -> np.ndarray:
    mask = Image.new("L", (200, 200), 0)
    ImageDraw.Draw(mask).polygon(SHIRT, fill=255)
    solid = np.asarray(mask)
    return fit_image(solid.astype(np.float32), compute_box(solid > 0)) > 127


def assert_shirt(image: np.ndarray, tolerance: float = 0.08) -> None:
    # An edge pixel that is half garment has half its tone.
    wrong = ((image > image.max() / 2) != expected_silhouette()).mean()
    assert wrong <= tolerance, f"{wrong:.1%} of the pixels lie on the wrong side"


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


@pytest.mark.parametrize("ground", [(250, 250, 250), (8, 8, 8), (150, 60, 60), (90, 160, 90)])
def test_photo_on_any_ground(ground):
    prepared = prepare_picture(garment(ground))
    assert prepared.kind == "photo"
    assert_shirt(prepared.image)
    assert 120 <= np.median(prepared.image[prepared.image > 15]) <= 235
    assert prepared.warning is None


def test_photo_on_a_noisy_ground():
    assert_shirt(prepare_picture(garment((225, 215, 200), noise=20)).image, 0.09)


def test_photo_steps_in_order():
    steps = [step.id for step in prepare_picture(garment()).steps]
    assert steps == ["given", "light", "garment", "crop", "tones", "image"]


def test_variants_are_the_image_and_a_smaller_one():
    prepared = prepare_picture(garment())
    assert prepared.variants.shape == (2, 28, 28)
    assert (prepared.variants[0] == prepared.image).all()
    sides = [np.ptp(np.nonzero(each > 15), axis=1).max() + 1 for each in prepared.variants]
    assert sides[0] == 28
    assert 25 <= sides[1] <= 26


def test_picture_on_black_is_not_negated():
    picture = garment((0, 0, 0), (200, 200, 200))
    kept = prepare_picture(picture)
    assert "kept" in kept.find_step("light").sentence
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


def test_drawn_line_around_a_drawing_is_taken_off():
    picture = outline()
    for edge in (np.s_[2:5], np.s_[-5:-2]):
        picture[edge, 2:-2, :3] = 0
        picture[2:-2, edge, :3] = 0
    assert_shirt(prepare_picture(picture).image)


@pytest.mark.parametrize(
    ("ground", "ink"), [("white", "black"), ("black", "white"), ("#fe9", "#25c")]
)
@pytest.mark.parametrize("width", [2, 6, 12])
def test_outline_is_filled(ground, ink, width):
    prepared = prepare_picture(outline(ground, ink, width))
    assert prepared.kind == "drawing"
    assert_shirt(prepared.image, 0.11 if width > 6 else 0.08)  # a stroke widens the shape


def test_outline_with_a_gap_is_filled():
    almost_closed = outline(gap=True, points=[*SHIRT, (48, 30)])
    assert_shirt(prepare_picture(almost_closed).image)


def test_outline_is_also_asked_about_as_its_strokes_alone():
    variants = prepare_picture(outline()).variants
    assert variants.shape == (4, 28, 28)
    filled, bare = ((each > 40).sum(axis=(1, 2)) for each in (variants[:2], variants[2:]))
    assert (bare < 0.6 * filled).all()


def test_filled_drawing_keeps_its_holes():
    image = Image.new("RGB", (200, 200), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((20, 80, 180, 180), fill="black")
    pen.arc((60, 20, 140, 140), 180, 360, fill="black", width=16)
    prepared = prepare_picture(opaque(image))
    assert prepared.kind == "drawing"
    assert prepared.image[20, 14] > 100
    assert prepared.image[7, 14] == 0


@pytest.mark.parametrize("ink", [0, 255])
def test_transparent_drawing_lies_on_what_contrasts(ink):
    picture = np.zeros((200, 200, 4), np.uint8)
    picture[..., :3] = ink
    picture[..., 3] = outline("black", "white")[..., 0]
    _, ground = compute_on_ground(picture)
    assert ground == 255 - ink
    assert_shirt(prepare_picture(picture).image)


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
def test_blank_is_said(color, size):
    picture = np.empty((*size, 4), np.uint8)
    picture[:] = color
    prepared = prepare_picture(picture)
    assert not prepared.image.any()
    assert prepared.warning.startswith("There is nothing to see")


def test_small_subject_is_said():
    picture = np.full((256, 256, 4), 255, np.uint8)
    picture[100:106, 90:96, :3] = 0
    prepared = prepare_picture(picture)
    assert prepared.image.any()
    assert "small" in prepared.warning


def test_low_contrast_is_said():
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


def test_kind_of_a_drawing_in_a_few_colours():
    image = Image.new("RGB", (200, 200), "white")
    ImageDraw.Draw(image).polygon(SHIRT, fill="#357", outline="#fc0", width=5)
    rgb = np.array(image)
    assert compute_kind(rgb, compute_contrast(rgb)) == "drawing"


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
