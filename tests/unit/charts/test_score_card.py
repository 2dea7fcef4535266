from __future__ import annotations

from fmnist.charts.score_card import plot_published


def test_run_stands_between_the_published_by_accuracy_and_its_name_is_text() -> None:
    figure = plot_published(
        [("A", 0.9, "hysts"), ("B", 0.96, "a list")], "<i>run", (0.95, 0.94, 0.955)
    )
    assert list(figure.layout.yaxis.ticktext) == ["A", "<b>&lt;i&gt;run</b>", "B"]
    assert list(figure.data[0].x) == [90.0, 95.0, 96.0]
