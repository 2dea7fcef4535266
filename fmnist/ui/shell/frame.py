"""The frame of every page: title, intro, data line, and error messages instead of tracebacks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from fmnist import settings
from fmnist.access.roles import Action
from fmnist.errors import DataError, FmnistError
from fmnist.ui.shell.access import get_lock
from fmnist.ui.shell.changes import reload_data
from fmnist.ui.shell.exposure import describe_exposure
from fmnist.ui.shell.lesson import render_lesson
from fmnist.ui.shell.markdown import escape_markdown
from fmnist.ui.shell.messages import show_error
from fmnist.ui.shell.pill import render_pill
from fmnist.ui.shell.presentation import is_presenting, render_presentation
from fmnist.ui.shell.resources import get_data_holder
from fmnist.ui.shell.run_lifecycle import act
from fmnist.ui.shell.sign_in import end_if_signed_out, require_visitor
from fmnist.ui.shell.style import apply_style
from fmnist.ui.shell.uploads import limit_uploads

# Local files, because Streamlit would load the image of a material icon from the network.
ICON: Final = settings.PROJECT_DIR / "assets" / "icon.svg"
LOGO: Final = settings.PROJECT_DIR / "assets" / "logo.svg"

LOADING_SECONDS: Final = 0.5

_STYLE: Final = """
[data-testid=stSidebar] :is(a, button, [tabindex]):focus-visible
{ outline: 2px solid !important; outline-offset: -2px; }
.stMainBlockContainer { padding-top: 4rem; }
@media (min-width: 641px) and (max-width: 1200px) {
  .stMainBlockContainer { padding-inline: 2rem; }
}
[data-testid=stCaptionContainer] code {
  font-size: max(0.75em, 12px) !important; color: inherit !important;
}
"""
"""Streamlit marks the focus in the sidebar by a shadow that is barely visible on its background,
leaves 96 pixels above a page's title and 160 of a narrow window empty, and writes code in captions
small and pale."""

_DARK_STYLE: Final = """
button[data-testid=stBaseButton-primary]:enabled,
button[data-testid=stBaseButton-primary]:enabled *,
[data-testid=stMultiSelect] [data-tag]:has(button)
{ color: #12181f !important; }
"""
"""Streamlit writes white on the primary colour, on buttons and on the chosen names of a list. It is
light in the dark theme, and there is no setting for the text."""

_LOGGER = logging.getLogger(__name__)


@contextmanager
def open_page(title: str, *, intro: str) -> Iterator[None]:
    """Draw title, intro and data line of a page; an error inside becomes a message.

    Args:
        title: the page's name, as in the navigation.
        intro: what the page shows and what to do first, in a sentence.
    """
    _leave_pages_directory_mode()
    limit_uploads()
    st.set_page_config(
        page_title=f"{title} · Fashion-MNIST Lab", page_icon=str(ICON), layout="wide"
    )
    st.logo(str(LOGO), size="large", icon_image=str(ICON))
    require_visitor()
    apply_style("frame", _STYLE + (_DARK_STYLE if st.context.theme.type == "dark" else ""))
    render_presentation()
    st.title(title)
    if not is_presenting():
        st.caption(intro)
    if (exposure := describe_exposure()) is not None:
        st.caption(f":material/warning: {exposure}")
    _render_data_line()
    render_lesson()
    with show_errors(title):
        yield


@contextmanager
def show_errors(what: str) -> Iterator[None]:
    """Show an error as a message: used around each page and each fragment.

    Args:
        what: the part of the page, for the server's log.
    """
    try:
        end_if_signed_out()
        yield
    except DataError as error:
        if error is not get_data_holder().error:  # the data line shows it, with its remedies
            show_error(error, icon=":material/database_off:")
    except FmnistError as error:
        show_error(error)
    # Page boundary: the traceback goes to the log, a message to the page.
    except Exception:
        _LOGGER.exception("page %r failed", what)
        st.error(
            "This part of the page failed because of an error in the program; your runs and files "
            "are safe. Reload the page to try again. The server's log has the details.",
            icon=":material/error:",
        )


def _leave_pages_directory_mode() -> None:
    """Rerun through ``app.py`` when Streamlit started this page without it.

    Until ``st.navigation`` has been called once, Streamlit treats a folder named ``pages`` as its
    older kind of navigation. So the first visitor after a restart who opens ``/train`` directly
    would get the page without the navigation (``PagesManager.uses_pages_directory``).
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def _render_data_line() -> None:
    """Name the data set in use; for the demo set, offer ways to get the real one.

    A presentation shows it only for the demo set.
    """
    holder = get_data_holder()
    holder.wait(0.3)
    if holder.error is not None:
        _render_data_error(holder.error)
    if holder.dataset is None:
        if holder.error is None:
            st.fragment(_render_loading, run_every=LOADING_SECONDS)()
        return
    source = holder.dataset.source
    if is_presenting() and not source.is_demo:
        render_pill()
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f":material/database: {escape_markdown(source.label)}", width="content")
        if source.is_demo or source.notes:
            label = "Get the real data" if source.is_demo else "Notes on the data"
            with st.popover(label, type="tertiary", icon=":material/info:"):
                for note in source.notes:
                    st.markdown(escape_markdown(note))
                if source.is_demo:
                    _render_way_to_real_data()
        render_pill()


def _render_loading() -> None:
    """Show the loading progress, and rerun the page when the data are loaded."""
    holder = get_data_holder()
    if holder.wait(0):
        st.rerun()
    what, share = holder.progress
    st.caption(f":material/database: Loading the data. {escape_markdown(what)}: {share:.0%}")


def _render_way_to_real_data() -> None:
    folder = escape_markdown(settings.archive_dir())
    st.markdown(
        "Put `fashion-mnist_train.csv` and `fashion-mnist_test.csv`, or the four IDX files "
        f"(`train-images-idx3-ubyte.gz`, …), into {folder}: plain, gzipped, in "
        "a zip or in a sub-folder. Or let the program download them (30 MB)."
    )
    _render_reload("Try the download again", "download", download=True)
    _render_reload("Read the folder again", "folder_open")


def _render_data_error(error: DataError) -> None:
    show_error(error, icon=":material/database_off:")
    with st.container(horizontal=True):
        _render_reload("Try again", "refresh")
        _render_reload("Use the demo set", "draw", demo=True)


def _render_reload(label: str, icon: str, **how: bool) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        on_click=lambda: act(reload_data, **how),
        key=f"data_{icon}",
        **get_lock(Action.RELOAD_DATA),
    )
