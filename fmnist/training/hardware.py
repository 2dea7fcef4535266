"""The machine and the software versions that produced a result."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from fmnist import settings
from fmnist.runs.fields import Hardware


def describe_hardware() -> Hardware:
    """Return processor, available cores, memory in GB and accelerators."""
    return {
        "processor": _find_processor(),
        "cores": settings.count_cores(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "accelerators": _list_accelerators(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _list_accelerators() -> list[str]:
    """Return the names of the backend's accelerators; a classical run has no backend."""
    if jax := sys.modules.get("jax"):
        return [device.device_kind for device in jax.devices() if device.platform != "cpu"]
    if tf := sys.modules.get("tensorflow"):
        return [
            tf.config.experimental.get_device_details(device).get("device_name", device.name)
            for device in tf.config.list_physical_devices("GPU")
        ]
    return []


def _find_processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def collect_versions(libraries: Sequence[str]) -> dict[str, str]:
    """Return the versions of Python, of these packages and of NumPy."""
    return {
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in (*libraries, "numpy")},
    }


def find_commit() -> str | None:
    """Return the program's git commit, or None outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "-C", str(settings.PROJECT_DIR), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
