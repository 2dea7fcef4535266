"""Files of every kind become upright RGBA pixels, or a sentence that says what to do."""

import io
import struct
import sys
import warnings
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from fmnist import settings
from fmnist.errors import ImageError
from fmnist.images.decode import FORMATS, MAX_SIDE, decode_picture

ORIENTATION = 0x0112


def save(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def halves(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    """Left half black, right half white."""
    image = Image.new("L", size, 0)
    image.paste(255, (size[0] // 2, 0, *size))
    return image.convert(mode)


def bomb_png(width: int, height: int) -> bytes:
    """A PNG that names a huge size in its header and carries almost nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(10_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def assert_halves(rgba: np.ndarray, tolerance: int = 12) -> None:
    assert rgba.dtype == np.uint8
    assert rgba.shape[2] == 4
    width = rgba.shape[1]
    assert rgba[:, : width // 3, :3].max() <= tolerance
    assert rgba[:, -width // 3 :, :3].min() >= 255 - tolerance
    assert (rgba[..., 3] == 255).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_png_of_every_mode(mode):
    assert_halves(decode_picture(save(halves(mode)), "a.png"))


LISTED = FORMATS.upper().replace(" OR ", ", ").split(", ")


@pytest.mark.parametrize("format", [*LISTED, "PPM", "TGA", "ICO"])
def test_formats(format):
    pillow_heif.register_heif_opener()  # registers its encoder, too
    name = {"HEIC": "HEIF"}.get(format, format)
    rgba = decode_picture(save(halves(size=(64, 64)), name), f"a.{format.lower()}")
    assert_halves(rgba)


def test_cmyk_jpeg():
    assert_halves(decode_picture(save(halves("CMYK"), "JPEG", quality=95), "print.jpg"))


def test_lab_tiff_is_converted_to_rgb():
    white = Image.new("LAB", (8, 8), (255, 128, 128))
    rgba = decode_picture(save(white, "TIFF"), "lab.tif")
    assert rgba.shape == (8, 8, 4)
    assert rgba.min() >= 250


@pytest.mark.parametrize("top", [1023, 4095, 65535])
def test_16_bit_grey_is_scaled_not_clipped(top):
    ramp = np.tile(np.linspace(0, top, 64).astype(np.uint16), (16, 1))
    rgba = decode_picture(save(Image.fromarray(ramp)), "deep.png")
    expected = np.linspace(0, 255, 64)
    assert np.abs(rgba[0, :, 0].astype(float) - expected).max() <= 1.0


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.linspace(0, 1, 64, dtype=np.float32), np.linspace(0, 255, 64)),
        (np.linspace(0, 255, 64, dtype=np.float32), np.linspace(0, 255, 64)),
        (np.linspace(-5, 5, 64, dtype=np.float32), np.linspace(0, 255, 64)),
        (np.linspace(0, 1e30, 64, dtype=np.float32), np.linspace(0, 255, 64)),
        (np.linspace(0, 65535, 64, dtype=np.int32), np.linspace(0, 255, 64)),
    ],
)
def test_32_bit_grey_is_scaled(values, expected):
    image = Image.fromarray(np.tile(values, (4, 1)))
    rgba = decode_picture(save(image, "TIFF"), "deep.tif")
    assert np.abs(rgba[0, :, 0].astype(float) - expected).max() <= 1.0


def test_not_a_number_in_a_float_picture_is_black():
    values = np.full((4, 4), np.nan, dtype=np.float32)
    values[0, 0] = 1.0
    rgba = decode_picture(save(Image.fromarray(values), "TIFF"), "nan.tif")
    assert rgba[0, 0, 0] == 255
    assert rgba[1:, :, :3].max() == 0


def test_transparency_is_kept():
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    image.paste((9, 9, 9, 255), (3, 3, 6, 6))
    rgba = decode_picture(save(image), "clear.png")
    assert rgba[0, 0, 3] == 0
    assert rgba[4, 4].tolist() == [9, 9, 9, 255]


def test_transparent_palette_is_kept():
    image = halves("P")
    rgba = decode_picture(save(image, "GIF", transparency=image.getpixel((0, 0))), "clear.gif")
    assert rgba[0, 0, 3] == 0
    assert rgba[0, -1, 3] == 255


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF"])
def test_first_frame_of_many(format):
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue", "green")]
    extra = {"lossless": True} if format == "WEBP" else {}
    data = save(frames[0], format, save_all=True, append_images=frames[1:], **extra)
    rgba = decode_picture(data, "moving")
    assert rgba[10, 10].tolist() == [255, 0, 0, 255]


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(orientation, format):
    """A photo stored turned, with the note that says how, comes out with black on its left."""
    upright = halves(size=(48, 32))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    rgba = decode_picture(save(stored, format, exif=exif), "phone.jpg")
    assert rgba.shape == (32, 48, 4)
    assert_halves(rgba)


def test_damaged_exif_does_not_spoil_the_picture():
    data = save(halves(), "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff")
    assert_halves(decode_picture(data, "a.jpg"))


def test_large_photo_is_reduced():
    rgba = decode_picture(save(halves(size=(4000, 3000)), "JPEG"), "12mp.jpg")
    assert rgba.shape == (MAX_SIDE * 3 // 4, MAX_SIDE, 4)
    assert_halves(rgba)


def test_large_photo_is_reduced_by_what_is_no_whole_number_and_turned_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    stored = halves(size=(750, 1000)).transpose(Image.Transpose.ROTATE_90)
    rgba = decode_picture(save(stored, "PNG", exif=exif), "phone.png")
    assert rgba.shape == (MAX_SIDE, MAX_SIDE * 3 // 4, 4)
    assert_halves(rgba)


def test_extremely_long_picture_keeps_a_pixel():
    rgba = decode_picture(save(Image.new("L", (60_000, 1), 7)), "thread.png")
    assert rgba.shape == (1, MAX_SIDE, 4)


def test_one_pixel():
    rgba = decode_picture(save(Image.new("RGB", (1, 1), (1, 2, 3))), "dot.png")
    assert rgba.tolist() == [[[1, 2, 3, 255]]]


def test_wrong_extension_is_no_matter():
    for name in ("a.jpg", "a.txt", "a.svg", "a"):
        assert_halves(decode_picture(save(halves()), name))


@pytest.mark.parametrize(
    ("data", "name", "remedy"),
    [
        (b"", "nothing.png", "empty"),
        (b"just a letter\n" * 40, "letter.png", "choose a PNG"),
        (b'<?xml version="1.0"?><svg xmlns="a"></svg>', "boot.svg", "export it as PNG"),
        (b'<svg xmlns="a"></svg>', "boot.png", "export it as PNG"),
        (b"\x1f\x8b\x08\x00rest", "boot.svgz", "export it as PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n", "a.eps", "PNG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "IMG_1.HEIC", "IMG_1.HEIC"),
        (save(halves())[:-40], "cut.png", "truncated or damaged"),
        (save(halves(size=(300, 300)), "JPEG")[:900], "cut.jpg", "truncated or damaged"),
        (bomb_png(30_000, 30_000), "bomb.png", "reduce its size"),
        (bomb_png(9_000, 9_000), "large.png", "9,000 × 9,000"),
        (bytes(settings.MAX_UPLOAD_BYTES + 1), "heavy.bmp", "Save it as JPEG"),
    ],
)
def test_refused_with_name_and_remedy(data, name, remedy):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ImageError) as caught:
            decode_picture(data, name)
    assert name in str(caught.value)
    assert remedy in str(caught.value)


def test_heic_that_cannot_be_read_here_is_refused_without_advice_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(ImageError, match="save the photo as JPEG") as caught:
        decode_picture(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "IMG_1.HEIC")
    assert "install" not in str(caught.value)
