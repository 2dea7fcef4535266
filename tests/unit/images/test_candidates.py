"""Garments on backgrounds that are not plain, drawn here."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from fmnist.images import Overrides
from fmnist.images.pipeline import prepare_picture
from fmnist.images.segment.candidates import _scale_mixture, find_garment, find_second_mask
from fmnist.images.segment.saliency import compute_saliency
from fmnist.images.segment.silhouette import compute_contrast, compute_plain_mask

TRUE = np.zeros((160, 120), bool)
TRUE[30:130, 40:80] = True
TRUE[30:60, 15:105] = True


def photo(fabric: tuple, background: tuple, *, noise: float = 12.0, seed: int = 0) -> np.ndarray:
    """A T-shirt on a floor lit from one side, grainy: no background is plain."""
    rng = np.random.default_rng(seed)
    light = np.linspace(-25, 25, 120)[None, :, None] + np.linspace(-10, 10, 160)[:, None, None]
    rgb = np.where(TRUE[..., None], np.array(fabric), np.array(background) + light)
    return np.clip(rgb + rng.normal(0, noise, rgb.shape), 0, 255).astype(np.uint8)


def blurred_photo() -> np.ndarray:
    """A T-shirt whose edge is nowhere sharp."""
    return np.asarray(cv2.GaussianBlur(photo(*COLOURS[0], noise=90.0), (0, 0), 7))


def overlap(mask: np.ndarray) -> float:
    return float((mask & TRUE).sum() / (mask | TRUE).sum())


COLOURS = [
    ((40, 60, 140), (170, 140, 100)), ((235, 235, 230), (120, 110, 100)),
    ((30, 30, 30), (200, 190, 180)), ((170, 40, 40), (90, 110, 90)),
]  # fmt: skip


@pytest.mark.parametrize(("fabric", "background"), COLOURS)
def test_garment_is_found_on_a_floor(fabric: tuple, background: tuple) -> None:
    rgb = photo(fabric, background)
    candidates = find_garment(rgb, compute_contrast(rgb))
    assert overlap(candidates[0].mask) > 0.85
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)


def test_white_on_white_is_found_by_its_shade() -> None:
    rgb = np.full((160, 120, 3), 250, np.uint8)
    rgb[TRUE] = 233
    candidates = find_garment(rgb, compute_contrast(rgb))
    assert candidates[0].name == "background"
    assert overlap(candidates[0].mask) > 0.95


def test_same_picture_gives_the_same_masks() -> None:
    rgb = photo(*COLOURS[0])
    first, second = (find_garment(rgb, compute_contrast(rgb)) for _ in range(2))
    assert all((a.mask == b.mask).all() for a, b in zip(first, second, strict=True))


def test_a_photo_has_a_second_mask_and_a_plain_background_has_none() -> None:
    rgb = blurred_photo()
    first = find_garment(rgb, compute_contrast(rgb), every=False)[0]
    second = find_second_mask(rgb, first)
    assert second is not None
    assert overlap(second) > 0.85
    assert (second != first.mask).any()
    plain = photo((40, 60, 140), (250, 250, 250), noise=0.0) | 3
    plain[~TRUE] = 250
    (background,) = find_garment(plain, compute_contrast(plain), every=False)
    assert find_second_mask(plain, background) is None


def test_the_second_variant_of_a_photo_has_the_second_mask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = with_alpha(blurred_photo())
    tight, wide = prepare_picture(picture, "photo").variants[:2]
    find_none = "fmnist.images.segment.segmentation.find_second_mask"
    monkeypatch.setattr(find_none, lambda *_: None)
    same, other = prepare_picture(picture, "photo").variants[:2]
    assert (tight == same).all()
    assert (wide != other).any()


def test_a_mixture_for_several_pixels_is_the_power_of_that_for_one() -> None:
    """Two components far apart, so that one alone counts at each place."""
    model = np.zeros((1, 65))
    model[0, :2] = 0.3, 0.7
    model[0, 5:11] = 40, 120, 130, 200, 140, 110
    spreads = np.diag([30.0, 9.0, 12.0]), np.array([[50, 6, 0], [6, 20, 0], [0, 0, 8.0]])
    model[0, 20:38] = np.concatenate([each.ravel() for each in spreads])
    model[0, 38:] = np.tile(np.eye(3).ravel(), 3)

    def log_likelihood(mixture: np.ndarray, colour: tuple) -> float:
        total = 0.0
        for number in range(2):
            apart = np.array(colour) - mixture[0, 5 + 3 * number : 8 + 3 * number]
            spread = mixture[0, 20 + 9 * number : 29 + 9 * number].reshape(3, 3)
            fall = np.exp(-apart @ np.linalg.inv(spread) @ apart / 2)
            total += mixture[0, number] * fall / np.sqrt(np.linalg.det(spread))
        return float(np.log(total))

    colours = [(40, 120, 130), (45, 118, 131), (200, 140, 110), (190, 145, 112)]
    one = np.array([log_likelihood(model, colour) for colour in colours])
    four = np.array([log_likelihood(_scale_mixture(model, 4), colour) for colour in colours])
    np.testing.assert_allclose(np.ptp(four - 4 * one), 0, atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 700), (700, 1), (2, 192), (500, 3)])
def test_a_strip_is_read(shape: tuple) -> None:
    strip = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    assert prepare_picture(with_alpha(strip), "photo").image.shape == (28, 28)


def test_saliency_is_high_inside_and_low_along_the_border() -> None:
    saliency = compute_saliency(photo(*COLOURS[0]))
    assert 0 <= saliency.min() <= saliency.max() <= 1
    assert saliency[TRUE].mean() > 3 * saliency[:5].mean()


def with_alpha(rgb: np.ndarray) -> np.ndarray:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


def step_ids(picture: np.ndarray, overrides: Overrides) -> list[str]:
    return [step.id for step in prepare_picture(picture, "photo", overrides).steps]


def test_overrides_switch_steps_off() -> None:
    picture = with_alpha(photo(*COLOURS[0]))
    whole = prepare_picture(picture, "photo", Overrides(find=False))
    assert (whole.image > 0).all(axis=0).sum() >= 20  # the background is kept, too
    assert "crop" not in step_ids(picture, Overrides(crop=False))
    assert "tones" not in step_ids(picture, Overrides(tones=False))
    uncut = prepare_picture(picture, "photo", Overrides(crop=False)).image
    assert (uncut > 0).sum() < (prepare_picture(picture, "photo").image > 0).sum()


def test_polarity_follows_the_override() -> None:
    picture = with_alpha(photo((200, 200, 200), (60, 90, 60), noise=4))
    plain = Overrides(polarity="negate", tones=False), Overrides(polarity="keep", tones=False)
    negated, kept = (prepare_picture(picture, "photo", each).image for each in plain)
    assert np.median(negated[negated > 5]) < 90 < 160 < np.median(kept[kept > 5])


def test_box_shows_a_part_only() -> None:
    two = np.concatenate([photo(*COLOURS[0]), photo(*COLOURS[3])], axis=1)
    boxed = prepare_picture(with_alpha(two), "photo", Overrides(box=(0.5, 0.0, 1.0, 1.0)))
    alone = prepare_picture(with_alpha(photo(*COLOURS[3])), "photo")
    assert (boxed.image == alone.image).all()


@pytest.mark.parametrize("box", [(0.5, 0.5, 0.5, 0.5), (0.9, 0.1, 0.2, 0.8), (-3, -3, 9, 9)])
def test_box_that_makes_no_sense_is_the_whole_picture(box: tuple) -> None:
    picture = with_alpha(photo(*COLOURS[0]))
    boxed = prepare_picture(picture, "photo", Overrides(box=box))
    assert (boxed.image == prepare_picture(picture, "photo").image).all()


@pytest.mark.parametrize(("fabric", "background"), COLOURS)
def test_the_likeliest_is_found_without_the_others(fabric: tuple, background: tuple) -> None:
    picture = with_alpha(photo(fabric, background))
    first = prepare_picture(picture, "photo")
    every = prepare_picture(picture, "photo", Overrides(candidate=0))
    assert len(first.candidates) == 1 < len(every.candidates)
    assert (first.candidates[0] == every.candidates[0]).all()
    assert (first.image == every.image).all()
    assert every.is_complete and not first.is_complete
    asked = prepare_picture(picture, "photo", Overrides(every=True))
    assert len(asked.candidates) == len(every.candidates)
    assert (asked.image == first.image).all()


def test_all_candidates_are_found_where_none_is_certain() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (120, 90, 3)).astype(np.uint8)
    clouds = cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 8), None, 0, 255, cv2.NORM_MINMAX)
    prepared = prepare_picture(with_alpha(clouds), "photo")
    every = prepare_picture(with_alpha(clouds), "photo", Overrides(every=True))
    assert prepared.is_complete
    assert len(prepared.candidates) == len(every.candidates) > 0


def test_candidates_can_be_chosen() -> None:
    picture = with_alpha(photo(*COLOURS[0]))
    count = len(prepare_picture(picture, "photo", Overrides(candidate=0)).candidates)
    assert count >= 2
    for number in (0, 1, 99):
        prepared = prepare_picture(picture, "photo", Overrides(candidate=number))
        garment = prepared.find_step("garment")
        expected = prepared.candidates[min(number, count - 1)]
        shown = (garment.picture > 0).any(axis=2)
        assert not (shown & ~expected).any()
        assert shown.sum() > 0.9 * expected.sum()


def test_halo_of_a_strong_colour_is_left_out_and_pale_fabric_is_not() -> None:
    rgb = np.full((160, 120, 3), 252, np.uint8)
    rgb[TRUE] = 200, 20, 60
    around = cv2.dilate(TRUE.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    rgb[around & ~TRUE] = 240, 226, 232  # what JPEG leaves beside it
    assert overlap(find_garment(rgb, compute_contrast(rgb))[0].mask) > 0.97
    rgb = np.full((160, 120, 3), 252, np.uint8)
    rgb[TRUE] = 244
    rgb[60:80, 50:70] = 30  # a print, which has been all that was left
    assert overlap(find_garment(rgb, compute_contrast(rgb))[0].mask) > 0.9


def test_a_hole_in_pale_fabric_is_filled_and_the_gap_between_dark_legs_is_not() -> None:
    contrast = np.zeros((80, 60), np.float32)
    contrast[10:70, 15:45] = 12.0
    contrast[25:60, 24:36] = 2.0  # as pale as the paper
    contrast[60:70, 29] = 0.0  # and open at the hem
    whole = compute_plain_mask(contrast, is_white=True)
    assert whole is not None
    assert whole[25:60, 24:36].all()
    legs = np.where(contrast == 12.0, np.float32(160.0), contrast)
    gap = compute_plain_mask(legs, is_white=True)
    assert gap is not None
    assert not gap[30:55, 26:34].any()
