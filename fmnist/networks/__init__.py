"""What can be trained: networks by name, each decision with its reason."""

from __future__ import annotations

from fmnist.networks.command import build_command
from fmnist.networks.registry import NETWORKS, STARTING_POINTS, NetworkInfo, find_network

__all__ = ["NETWORKS", "STARTING_POINTS", "NetworkInfo", "build_command", "find_network"]
