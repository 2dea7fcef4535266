from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from fmnist.charts.challenge import draw_result
from fmnist.evaluation.challenge import ChallengeScore

SVG = "{http://www.w3.org/2000/svg}"


def test_picture_holds_both_scores_and_no_image() -> None:
    counts = np.zeros((10, 10), np.int64)
    counts[2, 2], counts[6, 0] = 14, 6
    scores = [ChallengeScore("You", 14, 5, counts), ChallengeScore("<b>&", 20, 10, counts.T)]
    root = ElementTree.fromstring(draw_result(scores, 2.345))
    texts = [node.text for node in root.iter(f"{SVG}text")]
    assert {"14 of 20 correct, 5 of 10 hard ones", "2.3 s per image", "<b>&"} <= set(texts)
    assert texts.count("14") == texts.count("6") == 2
    assert texts.count("Ankle boot") == 4
    assert {node.tag for node in root.iter()} == {f"{SVG}{tag}" for tag in ("svg", "rect", "text")}
