"""Groups of identical and nearly identical images."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist.charts.cache import draw_once
from fmnist.charts.sheet import draw_sheet
from fmnist.classes import CLASS_NAMES
from fmnist.csv_export import format_csv
from fmnist.data import Dataset
from fmnist.explore.duplicates import (
    DuplicateGroup,
    Duplicates,
    build_duplicates_table,
    find_duplicates,
)
from fmnist.explore.insights import describe_duplicates


@st.cache_resource(max_entries=2, show_spinner="Looking for duplicate images…")
def _find_duplicates(_dataset: Dataset, train: str, test: str) -> Duplicates:  # noqa: ARG001
    return find_duplicates(_dataset)


def _name_group(number: int, group: DuplicateGroup) -> str:
    places = ", ".join(f"{member.split} row {member.row:,}" for member in group.members[:4])
    rest = f" and {len(group.members) - 4:,} more" if len(group.members) > 4 else ""
    return f"{number + 1}: {CLASS_NAMES[group.members[0].label]} · {places}{rest}"


def render_duplicates(dataset: Dataset) -> None:
    """Draw how many groups there are, the images of one, and all of them as a table."""
    st.header("Duplicates")
    fingerprints = dataset.fingerprints
    found = _find_duplicates(dataset, fingerprints["train"], fingerprints["test"])
    groups = found.groups
    with st.container(horizontal=True):
        identical = sum(group.is_identical for group in groups)
        st.metric("Identical groups", f"{identical:,}", border=True)
        near = f"{len(groups) - identical:,}" if found.is_complete else "too many"
        st.metric("Nearly identical groups", near, border=True)
        st.metric("Test images duplicated in training", f"{found.n_test_leaked:,}", border=True)
        conflicting = sum(group.is_conflicting for group in groups)
        st.metric("Groups with different labels", f"{conflicting:,}", border=True)
    st.caption(describe_duplicates(found, len(dataset.x_train) + len(dataset.x_test)))
    if not groups:
        return
    left, right = st.columns(2)
    with left, st.container(border=True):
        number = st.selectbox(
            "Show group", range(len(groups)), format_func=lambda k: _name_group(k, groups[k])
        )
        members = groups[number].members[:12]
        images = np.stack([dataset.split(each.split)[0][each.row - 1] for each in members])
        captions = [f"{CLASS_NAMES[each.label]}, {each.split} row {each.row:,}" for each in members]
        name = f"Group {_name_group(number, groups[number])}"
        st.html(draw_once(draw_sheet, images, captions, label=name))
        difference = groups[number].difference
        how = f"{difference:.1f} grey levels apart" if difference else "Identical"
        st.caption(f"{how}. Grey levels: root mean square difference of the 784 pixels (0–255).")
    with right, st.container(border=True):
        table = build_duplicates_table(found)
        st.dataframe(
            table,
            hide_index=True,
            height=340,
            column_config={
                "group": "Group",
                "difference": st.column_config.NumberColumn("Grey levels", format="%.1f"),
                "split": "Split",
                "row": st.column_config.NumberColumn("Row", format="localized"),
                "class": "Class",
            },
        )
        st.download_button(
            "Download duplicates as CSV",
            lambda: format_csv(table),
            "duplicates.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
