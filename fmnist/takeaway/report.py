"""Writes a run, or a comparison, as one HTML file without scripts or external resources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import jinja2
import pandas as pd

from fmnist.classes import CLASS_NAMES
from fmnist.comparison import CARD_RUNS, build_recipe_table
from fmnist.comparison.conclusion import conclude, format_p, format_points
from fmnist.comparison.facts import build_figures_table, collect_facts
from fmnist.comparison.pair import (
    build_pairwise_table,
    check_same_items,
    compare_runs,
    find_seed_spread,
)
from fmnist.comparison.tables import DIFFERS
from fmnist.errors import RunError
from fmnist.evaluation.score_card import PUBLISHED
from fmnist.evaluation.wording import describe_coverage, describe_gap, describe_sets
from fmnist.images.corruptions import CORRUPTIONS, SEVERITIES
from fmnist.runs import Run, list_runs, load_summary
from fmnist.takeaway.card import Card, load_card
from fmnist.takeaway.svg import Line, plot_lines
from fmnist.takeaway.template_files import build_environment

_UNKNOWN: Final = "–"


def build_report(runs: Sequence[Run]) -> str:
    """Return the report of a run, or of a comparison if there are several, as HTML.

    Args:
        runs: one to four distinct finished runs.

    Raises:
        RunError: a run is unfinished, unreadable or given twice, there are too many, or they were
            tested on different items.
    """
    names = [run.run_id for run in runs]
    if not 1 <= len(runs) <= CARD_RUNS[1]:
        raise RunError(
            f"A report has from 1 to {CARD_RUNS[1]} runs, since more do not fit a page; these are "
            f"{len(runs)}. Name fewer."
        )
    if len(set(names)) < len(names):
        raise RunError("A run can't be compared with itself. Name different runs.")
    cards = [load_card(run) for run in runs]
    if len(cards) == 1:
        return _render("report.html.jinja", card=cards[0], **_describe(cards[0]))
    check_same_items([card.evaluated for card in cards])
    return _render("comparison.html.jinja", cards=cards, **_compare(cards))


def write_report(runs: Sequence[Run], path: Path) -> None:
    """Write the report from ``build_report`` to a file.

    Raises:
        RunError: as for ``build_report``, or the file can't be written.
    """
    text = build_report(runs)
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise RunError(f"{path} can't be written: {error.strerror or error}.") from error


def _describe(card: Card) -> dict[str, Any]:
    """Return the remaining template values: sentences and charts."""
    trust = card.trust
    raw, calibrated = trust.raw, trust.calibrated
    lines = [Line("as predicted", *_list_points(raw.table), has_points=True)]
    if calibrated is not None:
        lines.append(Line("with temperature", *_list_points(calibrated.table), has_points=True))
    reliability = plot_lines(
        lines,
        title="Accuracy by confidence",
        x_title="Confidence",
        y_title="Accuracy",
        y_range=(0.0, 1.0),
        diagonal=True,
    )
    shares, errors = zip(*trust.risk, strict=True)
    risk = plot_lines(
        [Line("error rate", shares, errors)],
        title="Error rate among the images answered",
        x_title="Share answered, most confident first",
        y_title="Error rate",
    )
    return {
        "curves": _plot_history(card),
        "reliability": reliability,
        "risk": risk,
        "gap": describe_gap(raw),
        "coverage": describe_coverage(trust),
        "sets": [(f"{each.level:.0%}", describe_sets(each)) for each in trust.conformal],
        "outside": _count_outside(card),
        "n_published": len(PUBLISHED),
        "corruptions": CORRUPTIONS,
        "severities": SEVERITIES,
    }


def _list_points(table: pd.DataFrame) -> tuple[list[float], list[float]]:
    return table["confidence"].tolist(), table["accuracy"].tolist()


def _plot_history(card: Card) -> list[Any]:
    history = card.history
    epochs = [float(epoch) for epoch in history.get("epoch", ())]
    if not epochs:
        return []
    charts = []
    for name, unit in (("loss", " (nats)"), ("accuracy", "")):
        lines = [
            Line(label, epochs, history[column].tolist())
            for label, column in (("training", name), ("validation", f"val_{name}"))
            if column in history
        ]
        titled = name.capitalize()
        charts.append(
            plot_lines(
                lines, title=f"{titled} by epoch", x_title="Epoch", y_title=f"{titled}{unit}"
            )
        )
    return charts


def _count_outside(card: Card) -> list[tuple[str, int, int]]:
    """Return kind, correct predictions and predictions for outside pictures, if measured."""
    if card.outside is None:
        return []
    kinds = (("photos", card.outside.photo), ("drawings", card.outside.drawing))
    return [
        (kind, sum(each.n_right for each in bins), sum(each.n for each in bins))
        for kind, bins in kinds
        if bins
    ]


def _compare(cards: Sequence[Card]) -> dict[str, Any]:
    """Return the remaining template values of a comparison."""
    summaries = [load_summary(run) for run in list_runs()]
    recipes = build_recipe_table({card.run_id: card.recipe for card in cards})
    curves = [
        Line(card.run_id, card.history["epoch"].tolist(), card.history["val_accuracy"].tolist())
        for card in cards
        if "val_accuracy" in card.history
    ]
    values: dict[str, Any] = {
        "figures": build_figures_table([(card.evaluated, card.measured) for card in cards]),
        "pairs": build_pairwise_table([card.evaluated for card in cards]).to_dict("records"),
        "recipes": recipes[recipes[DIFFERS] == DIFFERS].drop(columns=DIFFERS),
        "curves": plot_lines(
            curves, title="Validation accuracy by epoch", x_title="Epoch", y_title="Accuracy"
        )
        if curves
        else "",
        "conclusion": "",
    }
    if len(cards) == 2:
        a, b = cards
        pair = compare_runs(a.evaluated.run, b.evaluated.run)
        spreads = {card.run_id: find_seed_spread(card.run_id, summaries) for card in cards}
        facts_for, facts_against = collect_facts(pair, (a.measured, b.measured))
        values |= {
            "conclusion": conclude(pair, spreads),
            "pair": pair,
            "facts_for": facts_for,
            "facts_against": facts_against,
        }
    return values


def _render(name: str, **values: Any) -> str:
    created = datetime.now(UTC).isoformat(timespec="minutes")[:16].replace("T", " ")
    return _load_templates().get_template(name).render(created=created, **values)


@lru_cache
def _load_templates() -> jinja2.Environment:
    environment = build_environment(autoescape=True)
    environment.filters["percent"] = _format_percent
    environment.filters["points"] = format_points
    environment.filters["p_value"] = format_p
    environment.globals.update(class_names=CLASS_NAMES)
    return environment


def _format_percent(share: float | None, digits: int = 2) -> str:
    """Return a fraction, 0 to 1, as a percentage; a dash for None and NaN."""
    return _UNKNOWN if share is None or pd.isna(share) else f"{share:.{digits}%}"
