"""Two runs on the same items: counts, conclusion, facts, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from fmnist.comparison.conclusion import conclude, format_markdown, format_points
from fmnist.comparison.facts import build_figures_table, collect_facts, measure_run
from fmnist.comparison.pair import (
    build_pairwise_table,
    compare_runs,
    find_seed_spread,
    load_evaluated_run,
)
from fmnist.errors import RunError
from fmnist.runs import list_runs, load_summary
from tests.support.evaluate_answers import make_answering_run
from tests.support.runs import make_run

RIGHT = [i % 10 for i in range(40)]
WORSE = [(k + 1) % 10 if i < 12 else k for i, k in enumerate(RIGHT)]
"""The first twelve answers are wrong."""

NO_SPREAD = {"worse": None, "right": None}

pytestmark = pytest.mark.usefixtures("isolated")


def make_both() -> tuple:
    return make_answering_run("worse", WORSE), make_answering_run("right", RIGHT)


def test_counts_and_matrix_of_two_runs() -> None:
    pair = compare_runs(*make_both())
    assert (pair.result.fixed, pair.result.broken, pair.result.both_right) == (12, 0, 28)
    assert pair.agreement.sum() == 40
    assert pair.agreement[1, 0] == 2  # two of the twelve have the true class 0, called 1 by A
    fixed = pair.items.query("right_b and not right_a")
    assert fixed["index"].tolist() == list(range(12))


def test_runs_on_different_items_are_refused() -> None:
    one, other = make_answering_run("one", RIGHT), make_answering_run("b", RIGHT, fingerprint="x")
    with pytest.raises(RunError, match="one and b were tested on different items"):
        compare_runs(one, other)
    with pytest.raises(RunError, match="different items"):
        compare_runs(one, make_answering_run("short", RIGHT[:20]))


def test_run_that_is_not_finished_is_refused() -> None:
    with pytest.raises(RunError, match="a-queued-run has no stored predictions"):
        compare_runs(make_run("queued"), make_run("finished"))


def test_conclusion_names_the_better_network_and_what_is_not_known() -> None:
    text = conclude(compare_runs(*make_both()), NO_SPREAD)
    assert "On the same 40 test images, right classifies 100.00% correctly and worse 70.00%" in text
    assert "p < 0.001" in text
    assert "right is more accurate than worse" in text
    assert "How much another seed would change is not known" in text


def test_conclusion_of_equal_runs_finds_no_difference() -> None:
    one, other = make_answering_run("one", WORSE), make_answering_run("other", WORSE)
    text = conclude(compare_runs(one, other), {"one": None, "other": None})
    assert "The difference of 0.00 percentage points" in text
    assert "does not show which of the two is more accurate" in text


def test_spread_between_seeds_stands_beside_the_difference() -> None:
    a, b = make_both()
    repeat = make_answering_run("repeat", WORSE, test={"accuracy": 0.72, "loss": 0.3})
    (repeat.path / "recipe.json").write_text(
        (a.path / "recipe.json").read_text().replace('"seed": 0', '"seed": 1')
    )
    (b.path / "recipe.json").write_text(
        (b.path / "recipe.json").read_text().replace('"epochs": ', '"epochs": 1')
    )
    summaries = [load_summary(run) for run in list_runs()]
    spreads = {name: find_seed_spread(name, summaries) for name in ("worse", "right")}
    assert spreads["right"] is None
    assert spreads["worse"] is not None
    assert spreads["worse"].deviation == pytest.approx(0.01414, abs=1e-4)  # 0.70 and 0.72
    text = conclude(compare_runs(a, b), spreads)
    assert "1.41 points for the recipe of worse (2 seeds); for right it is not known." in text


def test_markdown_escapes_names() -> None:
    one, other = make_answering_run("_a_", WORSE), make_answering_run("b", RIGHT)
    text = format_markdown(compare_runs(one, other), {"_a_": None, "b": None})
    assert r"### b versus \_a\_" in text
    assert r"| \_a\_ wrong | 12 | 0 |" in text


def test_points_have_a_sign_but_zero() -> None:
    assert [format_points(x) for x in (0.0123, -0.0123, -0.00001, 0.0)] == [
        "+1.23", "−1.23", "0.00", "0.00",
    ]  # fmt: skip


def test_facts_for_and_against() -> None:
    a = make_answering_run("worse", WORSE, parameters=1000, milliseconds_per_image=1.0)
    b = make_answering_run("right", RIGHT, parameters=2000, milliseconds_per_image=0.5)
    pair = compare_runs(a, b)
    speaks_for, against = collect_facts(pair, (measure_run(pair.a), measure_run(pair.b)))
    assert "Test accuracy 30.00 percentage points above that of worse (p < 0.001)." in speaks_for
    assert "Time per image: 0.50 ms, versus 1.00 ms for worse." in speaks_for
    assert "Parameters: 2,000, versus 1,000 for worse." in against
    assert not any("Training" in fact for fact in [*speaks_for, *against])  # 65 s each


def test_no_clear_difference_speaks_against_the_change() -> None:
    pair = compare_runs(make_answering_run("one", RIGHT), make_answering_run("two", RIGHT))
    _, against = collect_facts(pair, (measure_run(pair.a), measure_run(pair.b)))
    assert against == ["No clear difference from one in test accuracy (p = 1)."]


def test_pairwise_table_adjusts_for_three_pairs() -> None:
    runs = [
        load_evaluated_run(make_answering_run(name, answers))
        for name, answers in (("a", WORSE), ("b", RIGHT), ("c", RIGHT))
    ]
    table = build_pairwise_table(runs)
    assert table[["a", "b"]].to_numpy().tolist() == [["a", "b"], ["a", "c"], ["b", "c"]]
    assert table["p_value"].tolist() == pytest.approx([2 * 0.5**12] * 2 + [1.0])
    assert table["p_adjusted"].tolist() == pytest.approx([6 * 0.5**12] * 2 + [1.0])


def test_figures_stand_side_by_side(isolated: Path) -> None:
    run = load_evaluated_run(make_answering_run("worse", WORSE))
    table = build_figures_table([(run, measure_run(run))])
    assert table.loc["Test accuracy", "worse"] == "70.00%"
    assert table.loc["Milliseconds per image", "worse"] == "–"
