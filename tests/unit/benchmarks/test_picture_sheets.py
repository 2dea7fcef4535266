"""Contact sheets of measured pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.picture_sheets import Entry, write_sheet
from fmnist.images.pipeline import prepare_picture
from fmnist.inference import Verdict


def test_a_sheet_shows_outline_image_and_answer(tmp_path: Path) -> None:
    photo = np.full((120, 90, 4), 255, np.uint8)
    photo[30:100, 25:65, :3] = 60, 90, 140
    prepared = prepare_picture(photo, "photo")
    verdict = Verdict(3, 0.8, is_sure=True, is_outlier=False, sentence="Dress (80%).")
    path = tmp_path / "sheets" / "dress.png"
    write_sheet(path, [Entry(f"{i}.jpg", prepared, verdict, i == 0) for i in range(7)])
    sheet = np.asarray(Image.open(path))
    height, width = sheet.shape[0] // 2, sheet.shape[1] // 6
    assert (sheet.shape[0] % 2, sheet.shape[1] % 6) == (0, 0)
    first, second = sheet[:height, :width], sheet[:height, width : 2 * width]
    magenta = (first == (255, 0, 255)).all(axis=2)
    rows, columns = np.nonzero(magenta)
    assert abs(int(rows.min()) - 30 * 150 / 120) <= 3
    assert abs(int(columns.max()) - 65 * 150 / 120) <= 3
    image = first[:112, 158:270, 0]
    np.testing.assert_array_equal(image[2::4, 2::4], prepared.image)
    caption, wrong = (each[150:170].astype(int) for each in (first, second))
    assert (caption[..., 1] - caption[..., 0]).max() > 80  # green
    assert (wrong[..., 0] - wrong[..., 1]).max() > 80  # red
    assert (sheet[height:, width:] == 255).all()  # the seventh stands alone in its row
