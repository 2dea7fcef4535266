"""The scenarios of ``load.py``: what the sessions do, and the figures that each reports."""

from __future__ import annotations

import asyncio
import io
import itertools
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import psutil
from PIL import Image

from benchmarks.load_client import LoadClient
from fmnist.images.examples import draw_examples
from fmnist.runs.layout import RunFile
from fmnist.settings import PROJECT_DIR
from tests.support.runs import make_run
from tests.support.server import Folders, LabServer, measure_memory

PAGES: Final = (
    "", "class_balance", "samples", "pixel_statistics", "train", "runs", "study", "evaluate",
    "predict",
)  # fmt: skip

SESSIONS: Final = 50
WATCHED: Final = "watched-run"


@dataclass
class Load:
    """The inputs of a scenario, and the figures that it reports.

    Attributes:
        server: the server to measure.
        folders: the folders of the server.
        quick: whether a minute must do for all scenarios.
        figures: by name, in the order they were measured.
    """

    server: LabServer
    folders: Folders
    quick: bool
    figures: dict[str, float] = field(default_factory=dict)

    def seconds(self, full: float, quick: float) -> float:
        """Return how long a scenario lasts."""
        return quick if self.quick else full

    def memory(self) -> float:
        """Return the resident memory of the web process in MB."""
        return measure_memory(self.server.pid)

    def busy_seconds(self) -> float:
        """Return the processor time of the web process so far."""
        times = psutil.Process(self.server.pid).cpu_times()
        return float(times.user + times.system)

    def client(self) -> LoadClient:
        """Return a new session."""
        return LoadClient(self.server.url)


def compute_p95(values: list[float]) -> float:
    """Return the 95th percentile; of few values, the largest."""
    return sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


async def warm_up(load: Load) -> None:
    """Open every page once: results that are computed once for everyone are not measured."""
    async with load.client() as client:
        for page in (*PAGES, *PAGES):
            await client.open_page(page)
        await client.open_page("predict", "way=Upload")
        await client.upload("warm.png", build_picture(999), "image/png")


async def hammer(load: Load) -> None:
    """Fifty sessions open pages without thinking."""
    await _browse(load, "hammer", load.seconds(60, 12), pause=(0.0, 0.0))


async def think(load: Load) -> None:
    """Fifty sessions think between two pages."""
    await _browse(load, "class", load.seconds(90, 16), pause=(4.0, 12.0))


async def _browse(load: Load, name: str, duration: float, pause: tuple[float, float]) -> None:
    taken: list[float] = []
    start, busy = time.perf_counter(), load.busy_seconds()

    async def browse(number: int) -> None:
        rng = random.Random(number)
        async with load.client() as client:
            # They begin at different moments, like people.
            await asyncio.sleep(rng.uniform(0, max(1.0, pause[1])))
            while time.perf_counter() < start + duration:
                taken.append(await client.open_page(rng.choice(PAGES)))
                await asyncio.sleep(rng.uniform(*pause))

    await asyncio.gather(*(browse(number) for number in range(SESSIONS)))
    load.figures[f"{name}: pages/s"] = len(taken) / (time.perf_counter() - start)
    load.figures[f"{name}: processor time a page (ms)"] = (
        1000 * (load.busy_seconds() - busy) / len(taken)
    )
    load.figures[f"{name}: page median (s)"] = statistics.median(taken)
    load.figures[f"{name}: page p95 (s)"] = compute_p95(taken)


async def watch(load: Load) -> None:
    """Fifty sessions watch one run that trains, and newcomers open Overview."""
    duration = load.seconds(60, 15)
    command = [sys.executable, "-m", "benchmarks.live_run", WATCHED]
    training = subprocess.Popen(command, cwd=PROJECT_DIR, env=load.folders.environment())
    try:
        while not (load.folders.models / WATCHED / RunFile.STATUS).is_file():
            await asyncio.sleep(0.1)
        gaps: list[float] = []
        shares: list[float] = []
        first: list[float] = []
        ready = asyncio.Barrier(SESSIONS + 1)

        async def stay() -> None:
            async with load.client() as client:
                first.append(await client.open_page("train", f"run={WATCHED}"))
                await ready.wait()
                start = time.perf_counter()
                busy = load.busy_seconds()
                await asyncio.sleep(duration)
                shares.append((load.busy_seconds() - busy) / duration)
                panel = max(client.fragments.values(), key=lambda redraws: len(redraws.ends))
                ends = [start, *(end for end in panel.ends if end > start)]
                gaps.extend(b - a for a, b in itertools.pairwise([*ends, start + duration]))

        async def come() -> list[float]:
            await ready.wait()
            taken, start = [], time.perf_counter()
            while time.perf_counter() < start + duration:
                async with load.client() as client:
                    taken.append(await client.open_page())
                await asyncio.sleep(1)
            return taken

        coming = asyncio.create_task(come())
        await asyncio.gather(*(stay() for _ in range(SESSIONS)))
        newcomers = await coming
    finally:
        training.kill()
        training.wait()
    shutil.rmtree(load.folders.models / WATCHED)
    load.figures["watchers: all fifty are there (s)"] = max(first)
    load.figures["watchers: processors in use"] = statistics.median(shares)
    load.figures["watchers: redraw median (s)"] = statistics.median(gaps)
    load.figures["watchers: redraw p95 (s)"] = compute_p95(gaps)
    load.figures["watchers: newcomer's page, worst (s)"] = max(newcomers)


def build_picture(number: int) -> bytes:
    """Return an example as a PNG file of its own, so that none is known from another."""
    examples = draw_examples()
    picture = Image.fromarray(examples[number % len(examples)].picture).convert("RGB")
    picture = picture.resize((600, 800))
    picture.putpixel((0, 0), (number % 256, number // 256, 0))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


async def upload(load: Load) -> None:
    """Twenty-five sessions upload one picture each at the same moment."""
    ready = asyncio.Barrier(25)

    async def send(number: int) -> float:
        data = build_picture(number)
        async with load.client() as client:
            await client.open_page("predict", "way=Upload")
            await ready.wait()
            return await client.upload(f"{number}.png", data, "image/png")

    taken = await asyncio.gather(*(send(number) for number in range(25)))
    load.figures["uploads: median (s)"] = statistics.median(taken)
    load.figures["uploads: p95 (s)"] = compute_p95(taken)


async def list_many(load: Load) -> None:
    """Open the pages that list runs, with 500 runs in the folder."""
    os.environ["FMNIST_MODELS"] = str(load.folders.models)
    runs = [await asyncio.to_thread(make_run, "finished", f"many-{i:03}") for i in range(495)]
    async with load.client() as client:
        for page, name in (("", "Overview"), ("train", "Train"), ("runs", "Runs")):
            taken = [await client.open_page(page) for _ in range(6)]
            load.figures[f"many_runs: {name}, first (s)"] = taken[0]
            load.figures[f"many_runs: {name} (s)"] = statistics.median(taken[1:])
    for run in runs:
        shutil.rmtree(run.path)


async def pass_through(load: Load) -> None:
    """Open and leave Overview a thousand times, ten sessions at a time."""
    count = 200 if load.quick else 1000
    memory: list[float] = []

    async def visit() -> None:
        async with load.client() as client:
            await client.open_page()

    for _ in range(4):
        for _ in range(count // 40):
            await asyncio.gather(*(visit() for _ in range(10)))
        memory.append(load.memory())
    load.figures["sessions: count"] = float(count)
    load.figures["sessions: growth over the last half (MB)"] = memory[3] - memory[1]
    load.figures["sessions: open files"] = float(psutil.Process(load.server.pid).num_fds())


SCENARIOS: Final[dict[str, Callable[[Load], Awaitable[None]]]] = {
    "hammer": hammer,
    "class": think,
    "watchers": watch,
    "uploads": upload,
    "many_runs": list_many,
    "sessions": pass_through,
}
