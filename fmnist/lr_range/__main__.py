"""The range test's process: ``python -m fmnist.lr_range DIR`` tests one recipe and ends."""

from __future__ import annotations

import sys
from pathlib import Path

from fmnist.training.backend import import_backend

if __name__ == "__main__":
    import_backend()
    from fmnist.lr_range.process import work

    sys.exit(work(Path(sys.argv[1]).resolve()))
