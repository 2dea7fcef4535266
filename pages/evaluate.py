"""Evaluate: the metrics of a finished run, and the images that it misclassifies."""

from __future__ import annotations

from functools import partial

import streamlit as st

from fmnist.errors import RunError
from fmnist.evaluation.evaluate import Evaluation
from fmnist.runs import Report, Run
from fmnist.ui.evaluate.confusion import render_confusion
from fmnist.ui.evaluate.robustness import render_robustness
from fmnist.ui.evaluate.run import (
    load_evaluation,
    render_downloads,
    render_figures,
    render_provenance,
)
from fmnist.ui.evaluate.score_card import render_score_card
from fmnist.ui.evaluate.trust import render_trust
from fmnist.ui.evaluate.try_run import render_try_run
from fmnist.ui.evaluate.views import render_classes, render_mistakes
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.presentation import is_presenting
from fmnist.ui.shell.url import render_choice
from fmnist.ui.widgets.decision import render_decision
from fmnist.ui.widgets.items import find_images
from fmnist.ui.widgets.run_choice import list_finished, render_run_choice
from fmnist.ui.widgets.watched_images import render_watch

RUN_KEY = "evaluate_run"
FIGURES = "Figures"  # above the views, but in a presentation, which shows one thing at a time
VIEWS = ["Confusion", "Per class", "Trust", "Score card", "Robustness", "Mistakes", "Learning"]


def render_run(run: Run, finished: list[Run]) -> None:
    """Draw everything about one finished run, beside others where a view compares them."""
    report = run.load_report()
    if report is None:
        raise RunError(f"{run.run_id} has no report any more. Choose another run.")
    evaluation, fingerprint = load_evaluation(run, str(run.path), report.created)
    draw_figures = partial(render_figures, evaluation, report)
    draw_view = partial(render_view, run, report, evaluation, fingerprint, finished)
    if is_presenting():
        draw_view()
        return
    render_provenance(report, run.recipe)
    draw_figures()
    render_decision(run)
    draw_view()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/compare.py",
            label="Compare with another run",
            icon=":material/compare_arrows:",
            query_params={"b": run.run_id},
        )
        st.page_link(
            "pages/takeaway.py",
            label="Take away",
            icon=":material/inventory_2:",
            query_params={"run": run.run_id},
        )
        render_downloads(run.run_id, evaluation)
    render_try_run(run)


def render_view(
    run: Run, report: Report, evaluation: Evaluation, fingerprint: str, finished: list[Run]
) -> None:
    """Draw the chosen view of an evaluated run; its arguments are those of ``render_run``."""
    view = render_choice(
        "View",
        [*VIEWS, FIGURES] if is_presenting() else VIEWS,
        key="view",
        label_visibility="collapsed",
    )
    if view == FIGURES:
        render_figures(evaluation, report)
    elif view == "Per class":
        render_classes(evaluation)
    elif view == "Trust":
        render_trust(run, report.created)
    elif view == "Score card":
        render_score_card(run, report, fingerprint)
    elif view == "Robustness":
        render_robustness(run, report, fingerprint, finished)
    elif view == "Mistakes":
        render_mistakes(run, evaluation, partial(find_images, fingerprint, report))
    elif view == "Learning":
        render_watch(run)
    else:
        render_confusion(run, evaluation, partial(find_images, fingerprint, report))


with open_page(
    "Evaluate",
    intro="What a finished run gets right and wrong, with the images behind each number.",
):
    finished = list_finished()
    if finished:
        render_run(render_run_choice(finished, key=RUN_KEY), finished)
    else:
        st.markdown("No run is finished yet. Train one: a small one takes a minute.")
        st.page_link("pages/train.py", label="Train a network", icon=":material/model_training:")
