"""Resources shared by all sessions of the server: the data set and the inference worker."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import wait

import streamlit as st
from cachetools import LRUCache, cached

from fmnist import settings
from fmnist.data import Dataset, download_official, load_dataset, load_demo_dataset
from fmnist.errors import DataError, DownloadError
from fmnist.inference import InferencePool
from fmnist.inference.speed import AnswerSpeeds
from fmnist.runs import Run
from fmnist.takeaway.exports import Exporter
from fmnist.ui.shell.markdown import escape_markdown, escape_name

_LOGGER = logging.getLogger(__name__)


class DataHolder:
    """The data set, loaded once in a background thread while pages show progress."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done = threading.Event()
        self.dataset: Dataset | None = None
        self.error: DataError | None = None
        self.progress: tuple[str, float] = ("Looking for the data", 0.0)
        self._start(download=False, demo=False)

    def reload(self, *, download: bool = False, demo: bool = False) -> None:
        """Load the data again, after a download or as the demo set if requested."""
        with self._lock:
            if not self._done.is_set():
                return
            self._start(download=download, demo=demo)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for loading to end and return whether it has."""
        return self._done.wait(seconds)

    def _start(self, *, download: bool, demo: bool) -> None:
        self._done.clear()
        self.error = None
        self.progress = ("Looking for the data", 0.0)
        threading.Thread(target=self._load, args=(download, demo), daemon=True).start()

    def _load(self, download: bool, demo: bool) -> None:
        try:
            if download:
                download_official(self._report)
            load = load_demo_dataset if demo else load_dataset
            self.dataset, self.error = load(self._report), None
        except DownloadError as error:
            self.error = error
        except DataError as error:
            self.dataset, self.error = None, error
        # Thread boundary: pages wait for the data or an error.
        except Exception as error:
            _LOGGER.exception("loading the data failed")
            self.dataset = None
            self.error = DataError(f"The data could not be loaded: {error}. Try again.")
        finally:
            self._done.set()

    def _report(self, what: str, share: float) -> None:
        self.progress = (what, share)


# Not st.cache_resource, whose lookup takes a millisecond, three times per page.
@cached(LRUCache(4), condition=threading.Condition())
def _build_holder(archive: str, cache: str) -> DataHolder:  # noqa: ARG001
    return DataHolder()


def get_data_holder() -> DataHolder:
    """Return the holder of the data set in the folders set by environment variables."""
    return _build_holder(str(settings.archive_dir()), str(settings.cache_dir()))


def get_dataset() -> Dataset:
    """Return the data set; until it is loaded, show a progress bar.

    Raises:
        DataError: the archive holds a file that can't be used.
    """
    holder = get_data_holder()
    if not holder.wait(0.3):
        bar = st.progress(0.0)
        while not holder.wait(0.1):
            what, share = holder.progress
            bar.progress(min(max(share, 0.0), 1.0), text=escape_markdown(what))
        bar.empty()
        st.rerun()  # the frame's data line was drawn before the data were loaded
    if holder.dataset is None:
        raise holder.error or DataError("The data could not be loaded. Try again.")
    return holder.dataset


@st.cache_resource(show_spinner=False)
def get_pool() -> InferencePool:
    """Return the inference pool; the first call starts its worker in the background."""
    pool = InferencePool()
    pool.warm()
    return pool


@st.cache_resource(show_spinner=False)
def get_exporter() -> Exporter:
    """Return the exporter of networks, shared by all sessions."""
    return Exporter()


@st.cache_resource(show_spinner=False)
def get_speeds() -> AnswerSpeeds:
    """Return the measured times per image, shared by all sessions."""
    return AnswerSpeeds(get_pool().measure)


def wait_for_network(run: Run) -> None:
    """Show that a network is being converted if its first prediction has to wait for that.

    Other sessions continue meanwhile. Errors are raised by the prediction itself.
    """
    ready = get_pool().prepare(run)
    if not ready.done():
        text = f"Converting the network of {escape_name(run.run_id)} (up to 30 seconds, once)"
        with st.spinner(text, show_time=True):
            wait([ready])
