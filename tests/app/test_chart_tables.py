"""Every chart has a text alternative: a sentence, and its table, which is built when opened."""

from __future__ import annotations

import ast

from tests.support.explore_pages import open_alone
from tests.support.sources import USER_INTERFACE, walk_modules


def test_all_charts_are_drawn_with_their_text_alternative():
    drawn_in = {
        module
        for module, node in walk_modules(*USER_INTERFACE)
        if isinstance(node, ast.Attribute) and node.attr == "plotly_chart"
    }
    assert drawn_in == {"fmnist/ui/widgets/chart.py"}


def test_a_chart_says_what_it_shows_and_has_no_toolbar(archive):
    app = open_alone("pages/pixel_statistics.py", view="Distances")
    chart = app.get("plotly_chart")[0].proto
    assert "are the most similar" in chart.alt
    assert '"displayModeBar": false' in chart.config


def test_the_table_is_built_when_it_is_opened(archive):
    app = open_alone("pages/pixel_statistics.py", view="Distances")
    assert not app.dataframe
    app.session_state["plot_distances_table"] = True
    app.run()
    assert not app.exception
    assert app.dataframe[0].value.shape == (10, 10)
