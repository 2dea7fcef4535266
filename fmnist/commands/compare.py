"""Compare finished runs on the same test items."""

from __future__ import annotations

import argparse
import dataclasses
import json
from typing import Any

from fmnist.comparison.conclusion import conclude
from fmnist.comparison.facts import Measured, build_figures_table, collect_facts, measure_run
from fmnist.comparison.pair import (
    RunPair,
    build_pairwise_table,
    compare_runs,
    find_seed_spread,
    load_evaluated_run,
)
from fmnist.errors import RunError
from fmnist.runs import Decision, list_runs, load_decision, load_summary, open_run, save_decision


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("a", metavar="A", help="name of the run to compare against")
    parser.add_argument("b", metavar="B", help="name of the other run")
    parser.add_argument("more", metavar="MORE", nargs="*", help="more runs, for a table of pairs")
    parser.add_argument(
        "--choose",
        metavar="RUN",
        help="record the decision for A or B with the run, with what speaks for and against it",
    )
    parser.add_argument("--reason", default="", help="of the decision")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def run(options: argparse.Namespace) -> int:
    """Print what B fixes and breaks against A, with McNemar's test, and a conclusion.

    Raises:
        RunError: a run is unknown, given twice or not finished, two were tested on different items,
            or a decision is for neither A nor B or has no reason.
    """
    names = [options.a, options.b, *options.more]
    if len(set(names)) < len(names):
        raise RunError("A run can't be compared with itself. Name different runs.")
    pair = compare_runs(open_run(options.a), open_run(options.b))
    summaries = [load_summary(run) for run in list_runs()]
    spreads = {name: find_seed_spread(name, summaries) for name in (options.a, options.b)}
    conclusion = conclude(pair, spreads)
    measured = measure_run(pair.a), measure_run(pair.b)
    decision = _decide(options) if options.choose else None
    pairs = (
        build_pairwise_table([load_evaluated_run(open_run(name)) for name in names])
        if options.more
        else None
    )
    if options.json:
        values = _build_values(pair, measured) | {
            "seed_spread": {
                name: None if spread is None else dataclasses.asdict(spread)
                for name, spread in spreads.items()
            },
            "conclusion": conclusion,
            "decision": decision and decision.to_dict(),
            "pairs": [] if pairs is None else pairs.to_dict(orient="records"),
        }
        print(json.dumps(values, indent=1))
        return 0
    print(conclusion)
    print()
    print(pair.classes.to_string(float_format=lambda value: f"{value:.4f}"))
    print()
    print(build_figures_table(list(zip((pair.a, pair.b), measured, strict=True))).to_string())
    if pairs is not None:
        print()
        print(pairs.to_string(index=False, float_format=lambda value: f"{value:.4f}"))
    if decision is not None:
        print(f"\n{options.choose} was chosen over {', '.join(decision.over)}: {decision.reason}")
        for title, facts in (("For it", decision.facts_for), ("Against", decision.facts_against)):
            print(f"{title}: {' '.join(facts) or 'nothing.'}")
    return 0


def _decide(options: argparse.Namespace) -> Decision | None:
    """Record the decision for one of the two runs, and return it as stored.

    Raises:
        RunError: it is neither A nor B, or the reason is missing or too long.
    """
    if options.choose not in (options.a, options.b):
        raise RunError(f"--choose {options.choose}: choose {options.a} or {options.b}.")
    other = options.b if options.choose == options.a else options.a
    chosen = open_run(options.choose)
    pair = compare_runs(open_run(other), chosen)  # the facts are those of B against A
    facts_for, facts_against = collect_facts(pair, (measure_run(pair.a), measure_run(pair.b)))
    given = Decision(
        (other,), tuple(facts_for), tuple(facts_against), options.reason, "command line"
    )
    save_decision(chosen, given)
    return load_decision(chosen)


def _build_values(pair: RunPair, measured: tuple[Measured, Measured]) -> dict[str, Any]:
    result = pair.result
    return {
        "a": pair.a.run_id,
        "b": pair.b.run_id,
        "n": result.n_items,
        "accuracy_a": result.accuracy_a,
        "accuracy_b": result.accuracy_b,
        "both_right": result.both_right,
        "fixed": result.fixed,
        "broken": result.broken,
        "both_wrong": result.both_wrong,
        "difference": result.difference,
        "difference_interval_95": [result.low, result.high],
        "mcnemar_p": result.p_value,
        "classes": pair.classes.reset_index().to_dict(orient="records"),
        "agreement": pair.agreement.tolist(),
        "figures": {
            run.run_id: {
                "calibration_error": figures.summary.calibration_error,
                "log_loss": figures.summary.log_loss,
                "temperature": figures.temperature,
                "model_mb": run.run.model_mb,
                "milliseconds_per_image": figures.milliseconds,
                "parameters": run.report.parameters,
            }
            for run, figures in zip((pair.a, pair.b), measured, strict=True)
        },
    }
