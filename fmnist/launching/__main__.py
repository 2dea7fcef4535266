"""``python -m fmnist.launching``: start waiting runs in turn, then end."""

from __future__ import annotations

from fmnist.launching.dispatcher import main

if __name__ == "__main__":
    main()
