"""Labels: possible errors in the data set, a verdict on each image, and its effect."""

from __future__ import annotations

import re

import streamlit as st

from fmnist.data import Dataset
from fmnist.data.dataset import SplitName
from fmnist.labels.folds import find_key
from fmnist.labels.issues import (
    Issue,
    Kind,
    Labels,
    describe_label,
    list_copies,
    list_doubtful,
    list_outliers,
)
from fmnist.labels.scores import DEFAULT_METHOD, METHODS
from fmnist.labels.search import LabelScores, PixelIssues
from fmnist.labels.verdicts import load_verdicts
from fmnist.runs import list_runs
from fmnist.ui.labels.confused import render_confused
from fmnist.ui.labels.judge import render_one, render_queue
from fmnist.ui.labels.search import load_found, render_folds, render_search
from fmnist.ui.labels.verdicts import render_verdicts
from fmnist.ui.shell.frame import open_page
from fmnist.ui.shell.resources import get_dataset
from fmnist.ui.shell.url import read_parameter, render_choice, write_parameter

CONFUSED, VERDICTS = "Confused classes", "Verdicts"
VIEWS = [*(kind.value for kind in Kind), CONFUSED, VERDICTS]

# An image in the URL. Not two parameters, of which ``split`` would be the control of Samples:
# leaving that page removes it.
_ITEM = re.compile(r"(train|test)-(\d{1,9})", re.ASCII)


# Not st.cache_data: it would copy the issues for each drawing. Nobody changes them.
@st.cache_resource(max_entries=8, show_spinner=False)
def list_issues(
    _dataset: Dataset,
    _pixels: PixelIssues,
    _scores: LabelScores | None,
    kind: str,
    method: str,
    key: str,  # noqa: ARG001
) -> list[Issue]:
    """Return the issues of a kind, ranked; ``key`` changes with the data and the networks."""
    labels = Labels(_dataset)
    if kind == Kind.COPY:
        return list_copies(labels, _pixels)
    if kind == Kind.OUTLIER or _scores is None:
        return list_outliers(labels, _pixels)
    return list_doubtful(labels, _pixels, _scores, method)


def render_view(dataset: Dataset, view: str) -> None:
    """Draw the search as far as it is, then the view."""
    pixels, scores = load_found(dataset)
    key = find_key(dataset.fingerprints["train"])
    needs_networks = view in (Kind.LABEL, CONFUSED)
    if needs_networks:
        render_folds(dataset)
    render_search(dataset, is_complete=pixels is not None and (key is None or scores is not None))
    if view == VERDICTS:
        finished = [run for run in list_runs() if run.report_path.is_file() and not run.study]
        render_verdicts(dataset, load_verdicts(dataset), finished)
        return
    if pixels is None or (needs_networks and scores is None):
        st.markdown("This list appears when the search is done.")
        return
    if view == CONFUSED and scores is not None:
        render_confused(dataset, scores)
        return
    method = DEFAULT_METHOD
    if view == Kind.LABEL:
        method = st.selectbox(
            "Ranked by", list(METHODS), format_func=METHODS.__getitem__, key="method",
            bind="query-params",
            help="All of them use the probabilities of networks that did not learn the image. "
            "Confusion odds also use how often the networks confuse the label's class with the "
            "likely one. The first score also asks the four networks that learned the image "
            "whether they contradict its label nevertheless.",
        )  # fmt: skip
    fingerprint = "".join(dataset.fingerprints.values())
    issues = list_issues(dataset, pixels, scores, view, method, f"{fingerprint} {key}")
    render_queue(dataset, Kind(view), issues, load_verdicts(dataset))


def read_item(dataset: Dataset) -> tuple[SplitName, int] | None:
    """Return the split and the row, from 0, that the URL names as ``image=test-5``, or None."""
    named = _ITEM.fullmatch(read_parameter("image") or "")
    if named is None:
        return None
    split: SplitName = "train" if named[1] == "train" else "test"
    row = int(named[2])
    return (split, row) if row < len(dataset.split(split)[1]) else None


def render_item(dataset: Dataset, split: SplitName, row: int) -> None:
    """Draw one image to judge, with what the search has found about it."""
    pixels, scores = load_found(dataset)
    labels = Labels(dataset)
    issue = describe_label(labels, labels.find(split, row), pixels, scores)
    render_one(dataset, issue, load_verdicts(dataset))
    st.button(
        "Show the lists",
        icon=":material/list:",
        key="labels_lists",
        on_click=write_parameter,
        args=("image", None),
    )


with open_page(
    "Labels",
    intro="What may be wrong in the data set: look at an image, then press K to keep it, L to "
    "relabel it, X to exclude it, U to undo.",
):
    dataset = get_dataset()
    item = read_item(dataset)
    if item is not None:
        render_item(dataset, *item)
    else:
        view = render_choice("View", VIEWS, key="view", label_visibility="collapsed")
        render_view(dataset, view)
