"""Robustness of one or more runs: accuracy under corruptions, and a garment to try them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.probabilities import build_bars
from fmnist.charts.robustness import plot_robustness
from fmnist.classes import CLASS_NAMES
from fmnist.data import Dataset
from fmnist.explain.robustness import N_ITEMS, Robustness, find_kept_path, load_robustness
from fmnist.images.corruptions import CORRUPTIONS, SEVERITIES, corrupt_images
from fmnist.runs import Report, Run
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.markdown import escape_name, shorten
from fmnist.ui.shell.page_state import get_state
from fmnist.ui.shell.resources import get_dataset, get_pool
from fmnist.ui.widgets.background import Background, follow
from fmnist.ui.widgets.chart import WIDE, render_chart
from fmnist.ui.widgets.items import ENLARGED, find_images, format_percent

_POLL_SECONDS: Final = 0.5


@dataclass
class Measuring:
    """The run being measured for this session.

    Attributes:
        is_requested: whether the person has requested the missing measurements.
        running: the measurement of one run, if one is running.
    """

    is_requested: bool = False
    running: Background[Robustness] | None = None

    def request(self) -> None:
        """Measure the missing runs from the next rerun on."""
        self.is_requested = True

    def cancel(self) -> None:
        """End the measurement; an unfinished one is lost."""
        self.is_requested = False
        if self.running is not None:
            self.running.cancel()
            self.running = None


def render_robustness(run: Run, report: Report, fingerprint: str, finished: Sequence[Run]) -> None:
    """Draw the accuracy of runs under corruptions, and the corruptions themselves.

    Args:
        run: the run.
        report: its report.
        fingerprint: the fingerprint of the test set that it was tested on.
        finished: the runs available for comparison.
    """
    if find_images(fingerprint, report) is None:
        return
    dataset = get_dataset()
    if not run.has_model:
        st.caption("The run has lost its model, so it can't classify corrupted images.")
        return
    others = {each.run_id: each for each in finished if each != run and each.has_model}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        beside = st.multiselect(
            "Beside it",
            list(others),
            key="beside",
            bind="query-params",
            format_func=shorten,
            placeholder="Choose other runs",
        )
        with_all = st.toggle(
            "All test images", key="all", bind="query-params", help="Five times as long."
        )
    count = len(dataset.y_test) if with_all else min(N_ITEMS, len(dataset.y_test))
    chosen = [run, *(others[run_id] for run_id in beside)]
    measured = {each.run_id: _find(each, dataset, count) for each in chosen}
    known = {run_id: found for run_id, found in measured.items() if found is not None}
    _render_measuring([each for each in chosen if each.run_id not in known], dataset, count)
    if known:
        _render_chart(known)
    else:
        st.caption(
            f"Classifies {count:,} test images, each corrupted in {len(CORRUPTIONS)} "
            f"ways at {len(SEVERITIES)} severities: one or a few minutes."
        )
    st.header("Try it on one garment")
    st.fragment(_render_garment)(run, dataset)


def _find(run: Run, dataset: Dataset, count: int) -> Robustness | None:
    return Robustness.load(find_kept_path(run, dataset.fingerprints["test"], count))


def _render_measuring(missing: Sequence[Run], dataset: Dataset, count: int) -> None:
    """Draw the button that measures the missing runs, or the progress of the first of them."""
    state = get_state(Measuring)
    if not missing:
        state.is_requested = False
        return
    if not state.is_requested:
        st.button(
            "Measure" if len(missing) == 1 else f"Measure {len(missing)} runs",
            icon=":material/play_arrow:",
            key="robustness_measure",
            on_click=state.request,
        )
        return
    run = missing[0]
    running = state.running = follow(
        state.running,
        (run.path, dataset.fingerprints["test"], count),
        lambda report: load_robustness(get_pool(), run, dataset, count, report),
    )
    if running.wait(0.1):
        state.running = None
        state.is_requested = len(missing) > 1
        running.get_result()  # raises its error
        st.rerun()

    @st.fragment(run_every=choose_interval(_POLL_SECONDS))
    def show_progress() -> None:
        if running.wait(0):
            st.rerun()
        text = f"Measuring {escape_name(run.run_id)}: {running.share:.0%}"
        st.progress(min(running.share, 1.0), text=text)

    show_progress()
    st.button("Cancel", icon=":material/close:", key="robustness_cancel", on_click=state.cancel)


def _render_chart(measured: dict[str, Robustness]) -> None:
    sentence = "; ".join(
        f"{shorten(run_id)}: {format_percent(each.clean)} clean, {format_percent(each.mean)} mean "
        "of all corruptions"
        for run_id, each in measured.items()
    )
    render_chart(
        draw_once(
            plot_robustness,
            {run_id: (each.clean, each.accuracy) for run_id, each in measured.items()},
        ),
        f"Accuracy by severity of {len(CORRUPTIONS)} corruptions. {sentence}.",
        key="evaluate_robustness",
        min_width=WIDE,
    )
    n_items = next(iter(measured.values())).n_items
    st.dataframe(
        [
            {
                "Run": run_id,
                "Clean": 100 * each.clean,
                "Mean": 100 * each.mean,
                **{
                    CORRUPTIONS[name].title: 100 * float(np.mean(shares))
                    for name, shares in each.accuracy.items()
                },
            }
            for run_id, each in measured.items()
        ],
        hide_index=True,
        height="content",
        key="evaluate_robustness_table",
        column_config={
            "Run": st.column_config.TextColumn(pinned=True),
            **{
                title: st.column_config.NumberColumn(format="%.1f%%")
                for title in ("Clean", "Mean", *(each.title for each in CORRUPTIONS.values()))
            },
        },
    )
    st.caption(
        f"{n_items:,} test images, equally many of each class. Severity 0 is the unchanged image; "
        "the table has means over the five severities."
    )


def _render_garment(run: Run, dataset: Dataset) -> None:
    with show_errors("robustness: garment"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            item = int(
                st.number_input(
                    "Test image", 0, len(dataset.y_test) - 1, 0, key="robustness_item", width=140
                )
            )
            name = st.selectbox(
                "Corruption",
                list(CORRUPTIONS),
                key="robustness_name",
                format_func=lambda key: CORRUPTIONS[key].title,
                width=180,
            )
            severity = st.slider("Severity", 0, max(SEVERITIES), 1, key="robustness_severity")
        image = corrupt_images(np.asarray(dataset.x_test[item : item + 1]), name, severity)
        y_proba = get_pool().predict(run, image)[0]
        label = int(dataset.y_test[item])
        corruption = CORRUPTIONS[name]
        amount = f"{corruption.amounts[severity - 1]:g} {corruption.unit}" if severity else "none"
        with st.container(horizontal=True, vertical_alignment="center"):
            large = np.kron(image[0], np.ones((ENLARGED, ENLARGED), np.uint8))
            what = f"{CLASS_NAMES[label]}: {amount}"
            st.image(large, caption=what, width="content", alt=what)
            with st.container(key="robustness_bars"):
                title = f"{CLASS_NAMES[label]} classified as {CLASS_NAMES[int(y_proba.argmax())]}"
                st.html(build_bars(y_proba, title=title, true_label=label))
