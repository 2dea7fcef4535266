from __future__ import annotations

from fmnist.charts.robustness import plot_robustness
from fmnist.images.corruptions import CORRUPTIONS


def test_each_corruption_has_a_panel_with_every_run_from_the_clean_accuracy_on() -> None:
    accuracy = {name: [0.8, 0.7, 0.6, 0.5, 0.4] for name in CORRUPTIONS}
    figure = plot_robustness({"one": (0.9, accuracy), "<b>": (0.95, accuracy)})
    assert len(figure.data) == 2 * len(CORRUPTIONS)
    assert list(figure.data[0].y) == [90, 80, 70, 60, 50, 40]
    assert list(figure.data[0].x) == [0, 1, 2, 3, 4, 5]
    assert figure.data[1].name == "&lt;b&gt;"
    assert [trace.showlegend for trace in figure.data[:4]] == [True, True, False, False]
