"""The section Files: the network of a run in the formats of other programs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from fmnist.access.roles import Action
from fmnist.export_worker import FORMATS, Export, ExportFormat
from fmnist.runs import Run
from fmnist.runs.owners import find_person
from fmnist.takeaway.exports import (
    Exporter,
    ExportFolder,
    list_formats,
    open_export_folder,
)
from fmnist.ui.shell.access import find_reason
from fmnist.ui.shell.audience import choose_interval
from fmnist.ui.shell.changes import offer_export, start_exports
from fmnist.ui.shell.frame import show_errors
from fmnist.ui.shell.markdown import escape_markdown
from fmnist.ui.shell.messages import show_error, show_warning
from fmnist.ui.shell.resources import get_dataset, get_exporter
from fmnist.ui.shell.run_lifecycle import act
from fmnist.ui.widgets.downloads import render_download, render_download_button

_POLL_SECONDS: Final = 1.0


def render_exports(run: Run) -> None:
    """Draw each format with its state, and a table of what was measured."""
    folder = open_export_folder(run, get_dataset().fingerprints["test"])
    exporter, kinds = get_exporter(), list_formats(run)
    if any(exporter.find_progress(folder, kind) for kind in kinds):
        st.fragment(_render_live, run_every=choose_interval(_POLL_SECONDS))(run, folder, kinds)
    else:
        _render_formats(run, folder, kinds)
    render_download(run.run_id)


def _render_live(run: Run, folder: ExportFolder, kinds: Sequence[str]) -> None:
    with show_errors("exports"):
        if not any(get_exporter().find_progress(folder, kind) for kind in kinds):
            st.rerun()
        _render_formats(run, folder, kinds)


def _render_formats(run: Run, folder: ExportFolder, kinds: Sequence[str]) -> None:
    exporter = get_exporter()
    locked = find_reason(Action.DOWNLOAD_RUN, find_person(run.owner))
    exports = {kind: folder.load_export(kind) for kind in kinds}
    missing = [
        kind for kind in kinds if not exports[kind] and not exporter.find_progress(folder, kind)
    ]
    st.caption(
        "Each file is loaded again by the program that its user would take, and compared with the "
        "network on the test images. A file that answers differently is not handed out. In the "
        "lines that load a file, images is float32 (n, 28, 28, 1), 0 to 255."
    )
    if len(kinds) > 1 and missing:
        st.button(
            "Export all" if len(missing) == len(kinds) else "Export the others",
            icon=":material/output:",
            type="primary",
            key="takeaway_all",
            on_click=partial(act, start_exports, run, folder, missing),
            disabled=bool(locked),
            help=locked or "About ten seconds per format for a small network, on one core.",
        )
    for kind in kinds:
        with st.container(border=True):
            _render_format(run, folder, FORMATS[kind], exports[kind], locked)
    done = [export for export in exports.values() if export is not None]
    if done:
        _render_table(done)


def _render_format(
    run: Run, folder: ExportFolder, kind: ExportFormat, export: Export | None, locked: str
) -> None:
    """Draw one format: its purpose, and its button, progress, file or failure."""
    exporter: Exporter = get_exporter()
    progress = exporter.find_progress(folder, kind.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{kind.title}** · {kind.purpose}", width="stretch")
        if export is not None and not export.refusal:
            render_download_button(
                f"Download ({folder.file_path(kind.id).stat().st_size / 1e6:.1f} MB)",
                partial(offer_export, run, folder, kind.id),
                subject=run.run_id,
                key=f"takeaway_download_{kind.id}",
                locked=locked,
            )
        elif progress is None and export is None:
            st.button(
                "Export",
                icon=":material/output:",
                key=f"takeaway_export_{kind.id}",
                on_click=partial(act, start_exports, run, folder, [kind.id]),
                disabled=bool(locked),
                help=locked or None,
            )
    if progress is not None:
        st.progress(progress.share, text=progress.what)
    elif export is None:
        if (error := exporter.find_error(folder, kind.id)) is not None:
            show_error(error)
    elif export.refusal:
        show_warning(export.refusal)
    else:
        name = kind.name_file(run.run_id)
        if kind.is_folder:
            st.caption(f"Unpack {escape_markdown(folder.file_path(kind.id).name)} first.")
        st.code(kind.describe_loading(name), language="python")


def _render_table(exports: Sequence[Export]) -> None:
    st.header("Measured")
    comparison = exports[0].comparison
    st.caption(
        f"On {comparison.n_images:,} test images, beside the run's network, whose accuracy here is "
        f"{comparison.accuracy_before:.2%}. Times are of one thread of this machine."
    )
    st.dataframe(
        pd.DataFrame([_describe(export) for export in exports]),
        hide_index=True,
        column_config={
            "Format": st.column_config.TextColumn(pinned=True),
            "Bytes": st.column_config.NumberColumn(format="localized"),
            "ms per image": st.column_config.NumberColumn(
                format="%.3f", help="Median of the answers to one image, one after another."
            ),
            "Largest difference": st.column_config.NumberColumn(
                format="%.1e", help="Of a probability."
            ),
            "Same class": st.column_config.NumberColumn(
                format="%.2f%%", help="Share of the test images that both put into one class."
            ),
            "Accuracy": st.column_config.NumberColumn(format="%.2f%%"),
        },
    )


def _describe(export: Export) -> dict[str, object]:
    found = export.comparison
    return {
        "Format": FORMATS[export.format].title,
        "Bytes": export.n_bytes,
        "ms per image": export.milliseconds,
        "Largest difference": found.difference,
        "Same class": 100 * found.same_share,
        "Accuracy": 100 * found.accuracy,
        "File": "refused" if export.refusal else "written",
    }
