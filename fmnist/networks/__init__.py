"""The networks that can be trained, with a reason for each design decision."""

from __future__ import annotations

from fmnist.networks.classical_models import CLASSICAL_MODELS
from fmnist.networks.command import build_command
from fmnist.networks.info import PACE_MACHINE, NetworkInfo
from fmnist.networks.registry import (
    NETWORKS,
    STARTING_POINTS,
    WITH_ARCHITECTURE,
    find_architecture,
    find_network,
)

__all__ = [
    "CLASSICAL_MODELS",
    "NETWORKS",
    "PACE_MACHINE",
    "STARTING_POINTS",
    "WITH_ARCHITECTURE",
    "NetworkInfo",
    "build_command",
    "find_architecture",
    "find_network",
]
