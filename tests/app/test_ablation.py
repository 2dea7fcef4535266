from __future__ import annotations

import pytest

from fmnist.networks.ablation import ALTERNATIVES, DECISIONS, load_ablation
from tests.support.pages import open_alone, open_page, texts

pytestmark = pytest.mark.usefixtures("spawned")


@pytest.mark.parametrize("open_one", [open_page, open_alone])
def test_train_page_shows_what_each_decision_brought(open_one) -> None:
    recorded = load_ablation("cnn")
    app = open_one("train", view="design")
    assert not app.exception
    (table,) = [frame.value for frame in app.dataframe if "Lost (points)" in frame.value]
    without = table[table["Run"].str.startswith("Without")]
    assert len(without) >= 5
    assert set(without["Why"]) <= {decision.reason for decision in DECISIONS.values()}
    others = table[table["Run"].str.startswith("With:")]
    assert set(others["Why"]) == {decision.reason for decision in ALTERNATIVES.values()}
    for accuracy, change in zip(table["Validation accuracy"], table["Lost (points)"], strict=True):
        assert change == pytest.approx(recorded.mean * 100 - accuracy)
    assert f"one run of {recorded.epochs} epochs" in texts(app)


def test_network_without_a_record_says_so() -> None:
    app = open_page("train", view="design", layers="baseline")
    assert "No ablation of baseline is recorded" in texts(app)
