"""What is recorded of a machine."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from fmnist.training.hardware import describe_hardware


def fake_tensorflow(details: dict[str, str]) -> SimpleNamespace:
    card = SimpleNamespace(name="/physical_device:GPU:0")
    experimental = SimpleNamespace(get_device_details=lambda device: details)
    return SimpleNamespace(
        config=SimpleNamespace(list_physical_devices=lambda kind: [card], experimental=experimental)
    )


@pytest.mark.parametrize(
    ("details", "name"),
    [({"device_name": "NVIDIA H200"}, "NVIDIA H200"), ({}, "/physical_device:GPU:0")],
)
def test_card_is_named_where_tensorflow_knows_its_name(
    monkeypatch: pytest.MonkeyPatch, details: dict[str, str], name: str
) -> None:
    monkeypatch.delitem(sys.modules, "jax", raising=False)
    monkeypatch.setitem(sys.modules, "tensorflow", fake_tensorflow(details))
    assert describe_hardware()["accelerators"] == [name]
