from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from fmnist.settings import PROJECT_DIR
from fmnist.ui.server.memory import MAX_ARENAS

COUNT = """
import ctypes, sys, threading
from fmnist.ui.server.memory import limit_arenas

if sys.argv[2] == "limited":
    limit_arenas()
libc, barrier = ctypes.CDLL(None), threading.Barrier(12)
libc.malloc.restype = ctypes.c_void_p

def hold() -> None:
    assert libc.malloc(1000)
    barrier.wait()

threads = [threading.Thread(target=hold) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
@pytest.mark.parametrize(("how", "is_limited"), [("limited", True), ("free", False)])
def test_threads_share_two_arenas(tmp_path, how: str, is_limited: bool) -> None:
    target = tmp_path / "info.xml"
    subprocess.run(
        [sys.executable, "-c", COUNT, str(target), how],
        cwd=PROJECT_DIR, check=True, timeout=60, env={"PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert (target.read_text().count("<heap nr=") <= MAX_ARENAS) == is_limited
