"""Draws the result of a round of "You against the model" as a picture to save."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from fmnist.charts.theme import ACCENT_COLOR, TRAIN_COLOR
from fmnist.classes import CLASS_NAMES
from fmnist.evaluation.challenge import N_HARD, N_ITEMS, ChallengeScore

_WIDTH: Final = 960
_HEIGHT: Final = 620
_CELL: Final = 32
_TOP: Final = 190
_TEXT: Final = "#1f2937"


def draw_result(scores: Sequence[ChallengeScore], seconds: float) -> str:
    """Return an SVG picture: the two scores, each with a confusion matrix.

    Args:
        scores: the scores of the two players.
        seconds: mean time of the person per image.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" font-family="sans-serif" fill="{_TEXT}">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        _write(32, 48, f"{N_ITEMS} images of Fashion-MNIST, half of them hard", size=24),
        _write(32, 76, f"{seconds:.1f} s per image", size=16),
    ]
    for number, score in enumerate(scores):
        parts += _draw_score(score, 32 + number * (_WIDTH // 2))
    return "".join([*parts, "</svg>"])


def _draw_score(score: ChallengeScore, left: int) -> list[str]:
    figures = f"{score.correct} of {N_ITEMS} correct, {score.correct_hard} of {N_HARD} hard ones"
    parts = [_write(left, 120, score.name, size=20, weight="bold"), _write(left, 146, figures)]
    grid = left + 100
    for row, name in enumerate(CLASS_NAMES):
        middle = _TOP + (row + 0.65) * _CELL
        parts.append(_write(grid - 8, middle, name, size=13, anchor="end"))
        x, y = grid + (row + 0.65) * _CELL, _TOP + 10 * _CELL + 14
        turned = f' transform="rotate(-40 {x:.0f} {y})"'
        parts.append(_write(x, y, name, size=13, anchor="end", more=turned))
        parts += [
            _draw_cell(grid + column * _CELL, _TOP + row * _CELL, count, is_right=row == column)
            for column, count in enumerate(score.counts[row].tolist())
        ]
    return parts


def _draw_cell(x: int, y: int, count: int, *, is_right: bool) -> str:
    color = (TRAIN_COLOR if is_right else ACCENT_COLOR) if count else "#f3f4f6"
    cell = f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="{_CELL - 2}" fill="{color}"/>'
    if not count:
        return cell
    return cell + _write(x + _CELL / 2 - 1, y + 0.65 * _CELL, str(count), size=14, anchor="middle")


def _write(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 16,
    weight: str = "normal",
    anchor: str = "start",
    more: str = "",
) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}"{more}>{escape(text)}</text>'
    )
