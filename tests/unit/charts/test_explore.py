from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest

from fmnist.charts import class_balance, pixel_statistics, samples
from fmnist.charts.theme import CLASS_COLORS
from fmnist.classes import CLASS_NAMES
from fmnist.explore.balance import build_balance_table
from fmnist.explore.pixels import compute_pixel_statistics
from fmnist.explore.samples import Neighbours


@pytest.fixture(scope="module")
def statistics():
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(9), 3).astype(np.uint8)  # no Ankle boot
    return compute_pixel_statistics(rng.integers(0, 256, (27, 28, 28), dtype=np.uint8), y)


IMAGE = np.arange(784).reshape(28, 28).astype(np.uint8)


def test_counts_are_the_bars_of_both_splits():
    labels = SimpleNamespace(
        y_train=np.arange(10, dtype=np.uint8).repeat(6), y_test=np.arange(10, dtype=np.uint8)
    )
    figure = class_balance.plot_class_counts(build_balance_table(labels))
    assert [trace.name for trace in figure.data] == ["Training", "Test"]
    assert list(figure.data[0].y) == [6] * 10
    assert list(figure.data[1].x) == list(CLASS_NAMES)
    assert figure.layout.yaxis.title.text == "images"


def test_the_item_lies_beside_its_class_mean():
    figure = samples.plot_item(IMAGE, np.full((28, 28), 7.0), 8, "Bag, row 3")
    assert figure.layout.height > 2 * 280
    assert (figure.data[0].z == IMAGE).all()
    assert (figure.data[1].z == 7).all()
    assert "Mean Bag" in {note.text for note in figure.layout.annotations}
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0, 255)


def test_pixel_values_are_written_into_the_pixels():
    cells = re.findall(r"rgb\((\d+),.*?color:#(\w+)\">(\d+)</td>", samples.draw_pixel_values(IMAGE))
    grey, ink, written = zip(*cells, strict=True)
    assert list(map(int, written)) == list(map(int, grey)) == IMAGE.ravel().tolist()
    assert (ink[0], ink[255]) == ("fff", "000")


def test_neighbours_say_class_row_and_distance():
    found = Neighbours(np.array([1201]), np.array([5], np.uint8), np.array([18.8]))
    sheet = samples.draw_neighbours(IMAGE[None], found, label="One is a <Bag>")
    assert "<span>Sandal, row 1,201, differs by 1</span>" in sheet
    assert 'aria-label="One is a &lt;Bag&gt;"' in sheet


def test_histograms_add_up_to_one(statistics):
    overall = pixel_statistics.plot_histogram(statistics)
    assert sum(overall.data[0].y) == pytest.approx(1)
    by_class = pixel_statistics.plot_class_histograms(statistics)
    lines = [trace for trace in by_class.data if trace.name]
    assert [trace.line.color for trace in lines] == list(CLASS_COLORS)
    assert sum(lines[0].y) == pytest.approx(1)
    assert sum(lines[9].y) == 0


def test_empty_share_is_sorted(statistics):
    bars = pixel_statistics.plot_empty_share(statistics).data[0]
    shares = [share for share in bars.y if not np.isnan(share)]
    assert len(shares) == 9
    assert shares == sorted(shares, reverse=True)
    colors = dict(zip(bars.x, bars.marker.color, strict=True))
    assert colors == dict(zip(CLASS_NAMES, CLASS_COLORS, strict=True))


def test_brightness_has_a_box_for_each_class_that_has_images(statistics):
    boxes = pixel_statistics.plot_brightness(statistics).data
    assert {box.name for box in boxes} == set(CLASS_NAMES[:9])
    assert all(box.lowerfence[0] <= box.median[0] <= box.upperfence[0] for box in boxes)


def test_distances_leave_the_diagonal_out(statistics):
    dark, bright = (np.array(trace.z) for trace in pixel_statistics.plot_distances(statistics).data)
    assert np.isnan(np.diag(dark)).all()
    assert np.isnan(np.diag(bright)).all()
    z = np.where(np.isnan(dark), bright, dark)
    assert z[0, 1] == statistics.distances[0, 1]
    assert np.isnan(z).sum() == 10 + 18  # the diagonal, and the class without images


def test_variance_is_the_square_of_the_deviation(statistics):
    figure = pixel_statistics.plot_variance(statistics)
    assert figure.data[0].z == pytest.approx(statistics.overall_std**2)


def test_class_images_are_ten(statistics):
    for plot, images in (
        (pixel_statistics.plot_mean_images, statistics.mean),
        (pixel_statistics.plot_std_images, statistics.std),
    ):
        traces = plot(statistics).data
        assert len(traces) == 10
        assert (traces[4].z == images[4]).all()


@pytest.mark.parametrize(
    "plot",
    [
        pixel_statistics.plot_histogram,
        pixel_statistics.plot_class_histograms,
        pixel_statistics.plot_variance,
        pixel_statistics.plot_empty_share,
        pixel_statistics.plot_brightness,
        pixel_statistics.plot_distances,
    ],
)
def test_every_chart_has_a_title_and_named_axes(statistics, plot):
    layout = plot(statistics).layout
    assert layout.title.text
    if plot is pixel_statistics.plot_class_histograms:  # small multiples share one pair of titles
        assert "intensity (1–255)" in {note.text for note in layout.annotations}
    else:
        assert layout.xaxis.title.text
        assert layout.yaxis.title.text
