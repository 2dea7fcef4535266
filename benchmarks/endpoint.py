"""Measures the endpoint: startup, single images at a steady rate, batches, and errors.

The server runs as its users start it; the clients share its cores. At the steady rate, a request's
time counts from when it was due, so that waiting for a slow predecessor is included. A request
fails if its status is not 200 or its label differs from that of the same image in a batch.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import psutil

from fmnist.settings import PROJECT_DIR

TARGETS = {
    "start, s": ("<=", 1.0),
    "p95, ms": ("<=", 10.0),
    "images/s": (">=", 500.0),
    "errors": ("<=", 0.0),
}
RATE = 50.0
CLIENTS = 4
BATCH = 100
N_IMAGES = 100


@contextmanager
def start_endpoint(run_id: str) -> Iterator[tuple[psutil.Process, int, float]]:
    """Start the server; yield it, its port and the seconds until ``/ping`` answered 200."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "fmnist", "serve", run_id, "--port", "0"],
        cwd=PROJECT_DIR, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        found = re.search(r":(\d+)/invocations", process.stderr.readline())
        assert found is not None, "the server did not start"
        port = int(found.group(1))
        while _ask(http.client.HTTPConnection("127.0.0.1", port), "GET", "/ping")[0] != 200:
            time.sleep(0.01)
        yield psutil.Process(process.pid), port, time.perf_counter() - started
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def _ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None
) -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json"} if body else {}
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response.status, response.read()


class Client:
    """Sends requests repeatedly over one connection."""

    def __init__(self, port: int, images: list[list[int]]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._bodies = [json.dumps({"instances": [image]}).encode() for image in images]
        self._batch = json.dumps({"instances": images}).encode()

    def classify_batch(self) -> list[str]:
        """Return the labels of all images."""
        status, content = _ask(self._connection, "POST", "/invocations", self._batch)
        assert status == 200, content
        return [answer["label"] for answer in json.loads(content)["predictions"]]

    def classify(self, number: int, labels: list[str]) -> bool:
        """Return whether one image got the same label as in the batch."""
        image = number % len(labels)
        try:
            status, content = _ask(self._connection, "POST", "/invocations", self._bodies[image])
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return False
        return status == 200 and json.loads(content)["predictions"][0]["label"] == labels[image]


def measure(run_id: str, starts: int, paced: int, in_all: int) -> dict[str, float]:
    """Return what was measured, by name."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (N_IMAGES, 784)).tolist()
    seconds = []
    for _ in range(starts):
        with start_endpoint(run_id) as (_, _, took):
            seconds.append(took)
    with start_endpoint(run_id) as (server, port, _), ThreadPoolExecutor(CLIENTS) as threads:
        clients = [Client(port, images) for _ in range(CLIENTS)]
        labels = clients[0].classify_batch()
        failed, milliseconds = _ask_at_a_rate(threads, clients, labels, paced)
        rate = _ask_for_batches(threads, clients, labels)
        used = sum(server.cpu_times()[:2])
        failed += _ask_at_once(threads, clients, labels, in_all - paced)
        used = sum(server.cpu_times()[:2]) - used
    return {
        "start, s": statistics.median(seconds),
        "p50, ms": float(np.percentile(milliseconds, 50)),
        "p95, ms": float(np.percentile(milliseconds, 95)),
        "p99, ms": float(np.percentile(milliseconds, 99)),
        "CPU a request, ms": 1e3 * used / (in_all - paced),
        "images/s": rate,
        "errors": failed,
    }


def _ask_at_a_rate(
    threads: ThreadPoolExecutor, clients: list[Client], labels: list[str], count: int
) -> tuple[int, list[float]]:
    """Return the number of failures, and each request's milliseconds from when it was due."""
    begin = time.perf_counter() + 0.1

    def ask(client: int) -> list[tuple[bool, float]]:
        answers = []
        for number in range(client, count, CLIENTS):
            due = begin + number / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            is_right = clients[client].classify(number, labels)
            answers.append((is_right, 1e3 * (time.perf_counter() - due)))
        return answers

    answers = [each for part in threads.map(ask, range(CLIENTS)) for each in part]
    return sum(not is_right for is_right, _ in answers), [took for _, took in answers]


def _ask_for_batches(
    threads: ThreadPoolExecutor, clients: list[Client], labels: list[str], rounds: int = 20
) -> float:
    """Return the images per second of two clients that request batches one after another."""

    def ask(client: Client) -> list[list[str]]:
        return [client.classify_batch() for _ in range(rounds)]

    start = time.perf_counter()
    answers = [each for part in threads.map(ask, clients[:2]) for each in part]
    assert all(each == labels for each in answers)
    return len(answers) * len(labels) / (time.perf_counter() - start)


def _ask_at_once(
    threads: ThreadPoolExecutor, clients: list[Client], labels: list[str], count: int
) -> int:
    """Return the number of failures when all clients send requests without pause."""

    def ask(client: int) -> int:
        return sum(
            not clients[client].classify(number, labels) for number in range(client, count, CLIENTS)
        )

    return sum(threads.map(ask, range(CLIENTS)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--run", default="compact")
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--paced", type=int, default=1_500, help="requests at 50 a second")
    parser.add_argument("--requests", type=int, default=10_000, help="in all")
    options = parser.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{options.run}, {os.cpu_count()} cores, load {load:.1f} before the measurement")
    figures = measure(options.run, options.starts, options.paced, options.requests)
    for name, value in figures.items():
        sign, limit = TARGETS.get(name, ("", 0.0))
        holds = value <= limit if sign == "<=" else value >= limit
        verdict = f"{sign} {limit:g}  {'holds' if holds else 'missed'}" if sign else ""
        print(f"{name:18}{value:10.2f}  {verdict}")


if __name__ == "__main__":
    main()
