"""Issues one by one: the image, why it is listed, and the verdict by button or key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from fmnist.access.roles import Action
from fmnist.charts.cache import draw_once
from fmnist.charts.sheet import draw_sheet
from fmnist.classes import CLASS_NAMES
from fmnist.data import Dataset
from fmnist.labels.issues import Issue, Item, Kind
from fmnist.labels.verdicts import MAX_REASON, Verdict, Verdicts
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.changes import add_verdict, undo_verdict
from fmnist.ui.shell.markdown import escape_markdown
from fmnist.ui.shell.page_state import get_state, read_widget
from fmnist.ui.shell.run_lifecycle import act, attempt
from fmnist.ui.widgets.items import ENLARGED


@dataclass
class Queue:
    """The state of a session for the issues of a kind.

    Attributes:
        skipped: skipped images, by split and row.
    """

    skipped: set[tuple[str, int]] = field(default_factory=set)


def render_queue(dataset: Dataset, kind: Kind, issues: Sequence[Issue], verdicts: Verdicts) -> None:
    """Draw the first issue without a verdict, and the buttons that judge it.

    Args:
        dataset: the data set with the images.
        kind: the kind of the issues.
        issues: the ranked issues.
        verdicts: the verdicts so far.
    """
    judged, queue = verdicts.latest, get_state(Queue, kind.value)
    left = [issue for issue in issues if (issue.item.split, issue.item.row) not in judged]
    waiting = [i for i in left if (i.item.split, i.item.row) not in queue.skipped]
    if left and not waiting:
        queue.skipped.clear()
        waiting = left
    st.caption(
        f"{len(issues) - len(left):,} of the {len(issues):,} listed images have a verdict. The "
        "order says which to look at first, not how many labels are wrong."
    )
    if not waiting:
        st.markdown("No image of this list is left to judge.")
        _render_undo(dataset)
        return
    _render_issue(dataset, waiting[0])
    _render_buttons(dataset, waiting[0], queue)


def render_one(dataset: Dataset, issue: Issue, verdicts: Verdicts) -> None:
    """Draw one image, its verdict if it has one, and the buttons that judge it.

    Args:
        dataset: the data set with the image.
        issue: the image, and what is known about its label.
        verdicts: the verdicts so far.
    """
    _render_issue(dataset, issue)
    given = verdicts.latest.get((issue.item.split, issue.item.row))
    st.caption(
        "No verdict yet." if given is None else f"Its verdict: {escape_markdown(_describe(given))}."
    )
    _render_buttons(dataset, issue)


def _describe(verdict: Verdict) -> str:
    label = "" if verdict.label is None else f" as {CLASS_NAMES[verdict.label]}"
    reason = f" ({verdict.reason})" if verdict.reason else ""
    return f"{verdict.verdict}{label}{reason}"


def _render_issue(dataset: Dataset, issue: Issue) -> None:
    picture, why = st.columns([1, 3], gap="medium")
    with picture:
        large = np.kron(_load(dataset, issue.item), np.ones((ENLARGED, ENLARGED), np.uint8))
        st.image(large, caption=issue.item.name, width="content", alt=issue.item.name)
    with why:
        st.markdown(f"**Labelled {CLASS_NAMES[issue.item.label]}.** {issue.reason}")
        if issue.item.split == "test":
            st.caption("A test image: a verdict is recorded, but no training ever uses it.")
        if issue.others:
            _render_others(dataset, issue)


def _render_others(dataset: Dataset, issue: Issue) -> None:
    images = np.stack([_load(dataset, other) for other in issue.others])
    captions = [CLASS_NAMES[other.label] for other in issue.others]
    what = "Copy" if issue.kind is Kind.COPY else "Nearest training images"
    st.html(draw_once(draw_sheet, images, captions, label=what))
    st.caption(f"{what}, with its label." if what == "Copy" else f"{what}, with their labels.")


def _render_buttons(dataset: Dataset, issue: Issue, queue: Queue | None = None) -> None:
    name = f"{issue.item.split}_{issue.item.row}"
    lock = get_lock(Action.JUDGE_LABELS)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "New label",
            list(range(len(CLASS_NAMES))),
            issue.suggestion,
            format_func=CLASS_NAMES.__getitem__,
            key=f"labels_new_{issue.kind.name}_{name}",
            width=180,
        )
        st.text_input(
            "Reason (optional)", key=f"labels_reason_{issue.kind.name}_{name}", max_chars=MAX_REASON
        )
    judge = partial(_judge, dataset, issue)
    with st.container(horizontal=True):
        for label, icon, key, verdict in (
            ("Keep", "check", "K", "keep"),
            # Not R, which Streamlit reserves.
            ("Relabel", "label", "L", "relabel"),
            ("Exclude", "block", "X", "exclude"),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"labels_{verdict}",
                shortcut=key,
                on_click=judge,
                args=(verdict,),
                **lock,
            )
        if queue is not None:
            st.button(
                "Skip",
                icon=":material/skip_next:",
                key="labels_skip",
                shortcut="S",
                type="tertiary",
                on_click=queue.skipped.add,
                args=((issue.item.split, issue.item.row),),
            )
        _render_undo(dataset)


def _render_undo(dataset: Dataset) -> None:
    st.button(
        "Undo",
        icon=":material/undo:",
        key="labels_undo",
        shortcut="U",
        type="tertiary",
        on_click=partial(act, undo_verdict, dataset),
        **get_lock(Action.JUDGE_LABELS),
    )


def _judge(dataset: Dataset, issue: Issue, verdict: Literal["keep", "relabel", "exclude"]) -> None:
    name = f"{issue.kind.name}_{issue.item.split}_{issue.item.row}"
    label = read_widget(f"labels_new_{name}", issue.suggestion) if verdict == "relabel" else None
    given = Verdict(
        issue.item.split,
        issue.item.row,
        verdict,
        label,
        str(read_widget(f"labels_reason_{name}", "")),
    )
    attempt(add_verdict, dataset, given)


def _load(dataset: Dataset, item: Item) -> NDArray[Any]:
    images = dataset.x_train if item.split == "train" else dataset.x_test
    return np.asarray(images[item.row])
