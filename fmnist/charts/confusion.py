"""The confusion matrix, and similar ones, with clickable cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from fmnist.charts.theme import ACCENT_COLOR, TEXT_SIZE, TRAIN_COLOR, apply_layout
from fmnist.classes import CLASS_NAMES, N_CLASSES

CONFUSION_HEIGHT: Final = 620
CELL_MARKER_SIZE: Final = 46
"""Size, in pixels, of the invisible marker that receives a cell's clicks; the nearest one
counts."""

# Colours fade to transparent rather than white, so that empty cells have the page's colour in both
# themes. Diagonal and mistakes have separate ranges; in a shared one, mistakes of a few per cent
# would look empty.
_RIGHT_SCALE: Final = [[0.0, "rgba(63,144,218,0)"], [1.0, "rgba(30,98,165,1)"]]
_WRONG_SCALE: Final = [[0.0, "rgba(231,99,0,0)"], [1.0, "rgba(184,72,0,1)"]]
_STRONG: Final = 0.75
"""Share of the colour range above which white text is easier to read than the page's colour."""


@dataclass(frozen=True, slots=True)
class MatrixWords:
    """The names of the rows, columns and cells of a matrix.

    Attributes:
        title: title of the chart, without the unit.
        row: title of the axis of rows.
        column: title of the axis of columns.
        cell: name of a cell, with ``{row}`` and ``{column}`` for its two classes.
        whole: the total to which the shares of a row refer.
    """

    title: str = "Confusion matrix"
    row: str = "True class"
    column: str = "Predicted class"
    cell: str = "{row} classified as {column}"
    whole: str = "the true class"


CONFUSION: Final = MatrixWords()


def plot_confusion(
    counts: npt.NDArray[np.int64],
    shares: npt.NDArray[np.float64],
    *,
    show_shares: bool,
    selected: tuple[int, int] | None = None,
    text_color: str | None = None,
    words: MatrixWords = CONFUSION,
    height: int = CONFUSION_HEIGHT,
) -> go.Figure:
    """Draw a matrix of two labels per item: equal ones blue, different ones orange.

    Each cell carries an invisible marker on top, whose ``customdata`` is
    ``[true label, predicted label, count, share of the row in per cent]``: Streamlit reports
    clicks on markers but not on heat maps.

    Args:
        counts: int64 (10, 10), true class by predicted class.
        shares: float64 (10, 10), each row's shares 0 to 1.
        show_shares: whether to write shares of the row in per cent into the cells instead of
            counts.
        selected: (true label, predicted label) of the cell to frame, or None.
        text_color: colour of the page's text; None leaves it to the chart theme.
        words: the names; by default those of the confusion matrix.
        height: height of the chart in pixels.
    """
    diagonal = np.eye(N_CLASSES, dtype=bool)
    # The square root raises small values, so that both ten and a hundred mistakes are visible.
    strength = np.sqrt(shares if show_shares else counts / max(int(counts.max()), 1))
    wrong = np.where(diagonal, 0.0, strength)
    wrong = wrong / max(float(wrong.max()), 1e-12)
    strength = np.where(diagonal, strength, wrong)
    figure = go.Figure()
    for inside, scale in ((diagonal, _RIGHT_SCALE), (~diagonal, _WRONG_SCALE)):
        figure.add_heatmap(
            z=np.where(inside & (counts > 0), strength, np.nan),
            colorscale=scale,
            zmin=0,
            zmax=1,
            showscale=False,
            hoverinfo="skip",
            xgap=2,
            ygap=2,
        )
    numbers = shares if show_shares else counts
    for inside, color in ((strength >= _STRONG, "#ffffff"), (strength < _STRONG, text_color)):
        _add_cell_texts(figure, np.where(inside & (counts > 0), numbers, 0), color=color)
    _add_click_markers(figure, counts, shares, words)
    if selected is not None:
        true_label, predicted_label = selected
        figure.add_shape(
            type="rect",
            x0=predicted_label - 0.48,
            x1=predicted_label + 0.48,
            y0=true_label - 0.48,
            y1=true_label + 0.48,
            line={
                "color": ACCENT_COLOR if true_label == predicted_label else TRAIN_COLOR,
                "width": 3,
            },
        )
    unit = f"share of {words.whole}, %" if show_shares else "images"
    apply_layout(
        figure,
        title=f"{words.title} ({unit})",
        x_title=words.column,
        y_title=words.row,
        height=height,
    )
    ticks: dict[str, Any] = {
        "tickvals": list(range(N_CLASSES)),
        "ticktext": list(CLASS_NAMES),
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticks": "",
    }
    figure.update_xaxes(range=[-0.5, N_CLASSES - 0.5], tickangle=-40, **ticks)
    figure.update_yaxes(range=[N_CLASSES - 0.5, -0.5], **ticks)
    figure.update_layout(clickmode="event+select", dragmode=False, showlegend=False)
    return figure


def _add_cell_texts(
    figure: go.Figure, numbers: npt.NDArray[np.int64 | np.float64], *, color: str | None
) -> None:
    """Write each number that isn't 0 into its cell: a count, or a share in per cent."""
    rows, columns = np.nonzero(numbers)
    figure.add_scatter(
        x=columns,
        y=rows,
        mode="text",
        text=[_format_number(numbers[cell]) for cell in zip(rows, columns, strict=True)],
        textfont={"color": color, "size": TEXT_SIZE},
        # A colour for selected text keeps the rest from fading when a cell is clicked.
        selected={"textfont": {"color": ACCENT_COLOR}},
        hoverinfo="skip",
    )


def _format_number(number: np.int64 | np.float64) -> str:
    if isinstance(number, np.integer):
        return f"{number:,}"
    return f"{100 * number:.0f}" if number >= 0.0995 else f"{100 * number:.1f}"


def _add_click_markers(
    figure: go.Figure,
    counts: npt.NDArray[np.int64],
    shares: npt.NDArray[np.float64],
    words: MatrixWords,
) -> None:
    rows, columns = np.indices(counts.shape).reshape(2, -1)
    data, names = [], []
    for true_label, predicted_label in zip(rows.tolist(), columns.tolist(), strict=True):
        count = int(counts[true_label, predicted_label])
        share = float(100 * shares[true_label, predicted_label])
        data.append([true_label, predicted_label, count, share])
        names.append(
            words.cell.format(row=CLASS_NAMES[true_label], column=CLASS_NAMES[predicted_label])
        )
    figure.add_scatter(
        x=columns,
        y=rows,
        mode="markers",
        name="cells",
        customdata=data,
        text=names,
        marker={"symbol": "square", "size": CELL_MARKER_SIZE, "opacity": 0},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
        hovertemplate=(
            f"%{{text}}<br>%{{customdata[2]:,}} images, %{{customdata[3]:.1f}}% of {words.whole}"
            "<extra></extra>"
        ),
    )
