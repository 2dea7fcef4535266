"""How far a network's answers to pictures from outside can be trusted."""

from __future__ import annotations

import streamlit as st

from fmnist.charts.coverage import plot_coverage
from fmnist.runs import Run


def render_trust(run: Run) -> None:
    """Show what the run's calibration found, or say that there is none."""
    report = run.load_report()
    if report is None or not report.calibration:
        st.caption("This run has no calibration: it was cut short, or is older than that.")
        return
    found = report.calibration
    st.markdown(
        f"On {report.n_validation:,} validation images in disguise, as photos and drawings would "
        f"show them, it is right on **{found['accuracy']:.0%}**. A temperature of "
        f"{found['temperature']:.2f} makes its probabilities true there. Pictures less familiar "
        "than nearly all of those garments are told not to look like one of the ten: "
        f"{found['outliers_detected']:.0%} of drawn outliers are."
    )
    st.plotly_chart(
        plot_coverage(found["coverage"]), key="coverage", config={"displayModeBar": False}
    )
