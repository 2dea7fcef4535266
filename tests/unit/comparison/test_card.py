"""The benchmark card of a few runs."""

from __future__ import annotations

from fmnist.comparison import build_card, format_markdown
from tests.unit.comparison.test_tables import summarise


def test_card_holds_what_a_fair_comparison_needs() -> None:
    first, second = summarise("first", test=0.90, seed=1), summarise("second", test=0.92, seed=2)
    other = summarise("unfinished", test=None, network="baseline")
    card = build_card(
        [first, other], [first, second, other], {"first": 1_234_567}, {"first": 0.456}
    )
    assert list(card.columns) == ["first", "unfinished"]
    ours = card["first"]
    assert ours["Test accuracy"] == "90.00%"
    assert ours["95% interval"] == "56.50% to 98.01%"
    assert (ours["Seed"], ours["Over seeds"]) == ("1", "91.00% ± 1.41% (n = 2)")
    assert ours["Parameters"] == "1,000"
    assert ours["Multiplications per image"] == "1,234,567"
    assert ours["Time per image, one core"] == "0.46 ms"
    assert (ours["Training time"], ours["Precision"]) == ("60 s", "float32")
    assert card["unfinished"]["Test accuracy"] == card["unfinished"]["Over seeds"] == "–"


def test_card_as_markdown() -> None:
    card = build_card([summarise("a", test=0.9)], [], {}, {}).loc[["Network", "Test accuracy"]]
    assert format_markdown(card).splitlines() == [
        "| Metric | a |",
        "| --- | --- |",
        "| Network | cnn |",
        "| Test accuracy | 90.00% |",
    ]
    assert "a\\|b" in format_markdown(card.rename(columns={"a": "a|b"}))
