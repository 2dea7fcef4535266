"""Prints finished runs by seed, with mean and spread, as a table for docs/results.md.

``python -m benchmarks.seed_table RUN RUN …``
"""

from __future__ import annotations

import argparse
import math

from fmnist.comparison import compute_seed_statistics
from fmnist.errors import RunError
from fmnist.runs import Report, open_run

HEAD = ("seed", "validation", "test", "test, with mirror images", "best epoch", "seconds")


def load_report(run_id: str) -> Report:
    """Return the report of a finished run."""
    report = open_run(run_id).load_report()
    if report is None:
        raise RunError(f"{run_id} is not finished, so it has no figures. Leave it out.")
    return report


def format_table(reports: list[Report]) -> str:
    """Return one row per report and one with mean ± standard deviation, in Markdown."""
    figures = [
        (
            math.nan if r.validation_accuracy is None else r.validation_accuracy,
            r.test["accuracy"],
            r.flipped["test"]["accuracy"] if "test" in r.flipped else math.nan,
        )
        for r in reports
    ]
    rows = [
        (
            str(r.seed), *(f"{value:.2%}" for value in values),
            f"{r.best_epoch} of {r.epochs_run}", f"{r.seconds:,.0f}",
        )
        for r, values in zip(reports, figures, strict=True)
    ]  # fmt: skip
    if len(reports) > 1:
        statistics = [compute_seed_statistics(column) for column in zip(*figures, strict=True)]
        means = (f"{s.mean * 100:.2f} ± {s.deviation * 100:.2f}%" for s in statistics)
        rows.append((f"mean of {len(reports)}", *means, "", ""))
    lines = [HEAD, ("---",) * len(HEAD), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def main() -> None:
    """Print the table, the machine and the commands."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", nargs="+", metavar="RUN")
    reports = sorted(
        (load_report(run_id) for run_id in parser.parse_args().runs), key=lambda r: r.seed
    )
    print(format_table(reports))
    hardware = reports[0].hardware
    print(f"\n{hardware['processor']}, {hardware['cores']} cores, {reports[0].precision}\n")
    print("\n".join(report.command for report in reports))


if __name__ == "__main__":
    main()
