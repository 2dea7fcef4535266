"""``make bench``, ``python -m benchmarks``: every measurement, one table after the other."""

from __future__ import annotations

import subprocess
import sys

from fmnist.settings import PROJECT_DIR

BENCHMARKS = ("load_csv", "app_speed", "answer_speed", "endpoint", "train_speed", "label_issues")

for name in BENCHMARKS:
    print(f"\n## {name}\n", flush=True)
    # In a separate process, so that memory and imports of one do not affect the next.
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=PROJECT_DIR, check=False)
