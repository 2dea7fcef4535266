"""``make bench``: every measurement, one table after the other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARKS = ("load_csv", "app_speed", "train_speed")

for name in BENCHMARKS:
    print(f"\n## {name}\n", flush=True)
    # Each in a process of its own, so that memory and imports of one don't count for the next.
    subprocess.run([sys.executable, str(Path(__file__).with_name(f"{name}.py"))], check=False)
