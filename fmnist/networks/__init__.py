"""What can be trained: networks by name, each decision with its reason."""

from __future__ import annotations

from fmnist.networks.registry import NETWORKS, NetworkInfo, find_network

__all__ = ["NETWORKS", "NetworkInfo", "find_network"]
