"""A session of the app without a browser: a websocket client that speaks Streamlit's protocol.

It sends what the browser's code sends (``BackMsg``) and reads what the server answers
(``ForwardMsg``), so that fifty of them fit into one process. As a browser does, it tells the server
which large messages it has, so that those are not sent again, and it asks for the redrawing of
fragments at the pace the server named.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

import requests
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

XSRF_COOKIE: Final = "_streamlit_xsrf"


class LoadError(Exception):
    """The server answered with an error, or not in time."""


@dataclass
class Redraws:
    """When a fragment was redrawn.

    Attributes:
        interval: seconds between two redraws, as the server asked.
        ends: when each redraw ended, by the clock of ``time.perf_counter``.
    """

    interval: float
    ends: list[float] = field(default_factory=list)


class LoadClient:
    """One session; use it as ``async with LoadClient(url) as client``.

    Attributes:
        session_id: as the server named it.
        pages: hash of each page's script by its path in the URL.
        elements: what the page shows, by position.
        fragments: those of the page that redraw themselves, by id.
        bytes_received: the size of all messages.
    """

    def __init__(self, url: str, *, timeout: float = 120.0) -> None:
        self.url = url
        self.session_id = ""
        self.pages: dict[str, str] = {}
        self.elements: dict[tuple[int, ...], Element] = {}
        self.fragments: dict[str, Redraws] = {}
        self.bytes_received = 0
        self._timeout = timeout
        self._page, self._query = "", ""
        self._widgets: dict[str, WidgetState] = {}
        self._cached: dict[str, Element] = {}
        self._homes: dict[tuple[int, ...], str] = {}
        self._drawn = asyncio.Event()
        self._may_be_drawn = False
        self._awaited = ""
        self._files: asyncio.Queue[ForwardMsg] = asyncio.Queue()
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._problem: str | None = None
        self._http = requests.Session()

    async def __aenter__(self) -> Self:
        # As a browser does first of all; it gets the cookie that an upload needs.
        health = f"{self.url}/_stcore/health"
        await asyncio.to_thread(self._http.get, health, timeout=self._timeout)
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await websockets.connect(
            address,
            subprotocols=[websockets.Subprotocol("streamlit")],
            compression=None,
            max_size=None,
            open_timeout=self._timeout,
            ping_interval=None,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop_timers()
        self._reader.cancel()
        await self._socket.close()
        self._http.close()

    async def open_page(self, page: str = "", query: str = "") -> float:
        """Go to a page by its path, such as ``train``, and return the seconds until it is drawn."""
        self._page, self._query = page, query
        self._widgets.clear()
        return await self._draw()

    async def set_widget(self, widget_id: str, **value: Any) -> float:
        """Change a widget, for example ``trigger_value=True``; return the seconds until drawn.

        Args:
            widget_id: as its element names it; ``find`` finds elements.
            value: one field of ``WidgetState`` with its value.
        """
        self._widgets[widget_id] = WidgetState(id=widget_id, **value)
        seconds = await self._draw()
        if "trigger_value" in value:
            del self._widgets[widget_id]
        return seconds

    def find(self, kind: str) -> Iterator[Any]:
        """Yield the elements of a kind that the page shows, such as ``file_uploader``."""
        for _, element in self._find(kind):
            yield getattr(element, kind)

    def _find(self, kind: str) -> Iterator[tuple[tuple[int, ...], Element]]:
        for place, element in list(self.elements.items()):
            if element.WhichOneof("type") == kind:
                yield place, element

    async def upload(self, name: str, data: bytes, media_type: str) -> float:
        """Choose a file in the page's file uploader; return the seconds until it is drawn.

        As in a browser, only the fragment is drawn again in which the uploader stands.
        """
        start = time.perf_counter()
        place, element = next(self._find("file_uploader"))
        uploader = element.file_uploader
        message = BackMsg()
        message.file_urls_request.request_id = name
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session_id
        await self._send(message)
        answer = await asyncio.wait_for(self._files.get(), self._timeout)
        urls = answer.file_urls_response.file_urls[0]
        await asyncio.to_thread(self._put, urls.upload_url, name, data, media_type)
        state = WidgetState(id=uploader.id)
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = name, len(data), urls.file_id
        info.file_urls.CopyFrom(urls)
        self._widgets[uploader.id] = state
        await self._draw(self._homes.get(place, ""))
        return time.perf_counter() - start

    def _put(self, path: str, name: str, data: bytes, media_type: str) -> None:
        answer = self._http.put(
            self.url + path,
            files={name: (name, data, media_type)},
            headers={"X-Xsrftoken": self._http.cookies.get(XSRF_COOKIE) or ""},
            timeout=self._timeout,
        )
        if not answer.ok:
            raise LoadError(f"PUT {path}: {answer.status_code} {answer.text[:200]}")

    async def _draw(self, fragment_id: str = "") -> float:
        """Ask for the page, or for one of its fragments, and wait until it is drawn."""
        if not fragment_id:
            self._stop_timers()
            self.fragments.clear()
        self._drawn.clear()
        self._may_be_drawn = False
        self._awaited = fragment_id
        start = time.perf_counter()
        await self._rerun(fragment_id)
        try:
            await asyncio.wait_for(self._drawn.wait(), self._timeout)
        except TimeoutError as error:
            raise LoadError(f"/{self._page} was not drawn in {self._timeout:.0f} s") from error
        if self._problem is not None:
            raise LoadError(self._problem)
        return time.perf_counter() - start

    async def _rerun(self, fragment_id: str = "", *, is_auto: bool = False) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self._query
        state.page_name = self._page
        state.page_script_hash = self.pages.get(self._page, "")
        state.fragment_id = fragment_id
        state.is_auto_rerun = is_auto
        state.widget_states.widgets.extend(self._widgets.values())
        state.cached_message_hashes.extend(self._cached)
        state.context_info.timezone = "Etc/UTC"
        state.context_info.locale = "en-GB"
        state.context_info.url = f"{self.url}/{self._page}"
        state.context_info.color_scheme = "light"
        await self._send(message)

    async def _send(self, message: BackMsg) -> None:
        await self._socket.send(message.SerializeToString())

    async def _read(self) -> None:
        try:
            async for data in self._socket:
                assert isinstance(data, bytes)
                self.bytes_received += len(data)
                self._take(ForwardMsg.FromString(data))
            self._problem = "the server closed the connection"
        # Whatever it is: who waits for the page must hear of it.
        except Exception as error:  # noqa: BLE001
            self._problem = repr(error)
        self._drawn.set()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._begin(message)
        elif kind in {"delta", "ref_hash"}:
            self._take_element(message)
        elif kind == "navigation":
            for page in message.navigation.app_pages:
                path = "" if page.is_default else page.url_pathname
                self.pages[path] = page.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self._start_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "file_urls_response":
            self._files.put_nowait(message)
        elif kind == "script_finished":
            self._finish(message.script_finished, message.metadata.run.fragment_ids)

    def _take_element(self, message: ForwardMsg) -> None:
        place = tuple(message.metadata.delta_path)
        if message.WhichOneof("type") == "ref_hash":
            self.elements[place] = self._cached[message.ref_hash]
        elif message.delta.WhichOneof("type") == "new_element":
            element = self.elements[place] = message.delta.new_element
            self._homes[place] = message.delta.fragment_id
            if message.metadata.cacheable:
                self._cached[message.hash] = element
            if element.WhichOneof("type") == "exception":
                self._problem = f"/{self._page}: {element.exception.message}"

    def _begin(self, message: ForwardMsg) -> None:
        self.session_id = message.new_session.initialize.session_id or self.session_id
        if not message.metadata.run.fragment_ids:
            self._may_be_drawn = False
            self._stop_timers()
            self.elements.clear()
            self._homes.clear()
        elif self._may_be_drawn:
            self._drawn.set()

    def _finish(self, status: int, fragment_ids: Sequence[str]) -> None:
        """Take the end of a run.

        An end that was sent together with the beginning of the next run is reported as
        FINISHED_EARLY_FOR_RERUN, too: whether the page was drawn is known from what begins.
        """
        now = time.perf_counter()
        for fragment_id in fragment_ids:
            if fragment_id in self.fragments:
                self.fragments[fragment_id].ends.append(now)
        if status == ForwardMsg.FINISHED_SUCCESSFULLY or self._awaited in fragment_ids:
            self._drawn.set()
        elif not fragment_ids:
            self._may_be_drawn = True

    def _start_timer(self, fragment_id: str, interval: float) -> None:
        if old := self._timers.pop(fragment_id, None):
            old.cancel()
        # A page that is drawn again on its own has the same fragments, at another pace perhaps.
        self.fragments.setdefault(fragment_id, Redraws(interval)).interval = interval
        self._timers[fragment_id] = asyncio.create_task(self._tick(fragment_id, interval))

    async def _tick(self, fragment_id: str, interval: float) -> None:
        """Ask for redraws as the browser's ``setInterval`` does, whether or not one is waiting."""
        while True:
            await asyncio.sleep(interval)
            await self._rerun(fragment_id, is_auto=True)

    def _stop_timers(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
