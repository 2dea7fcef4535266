"""What the processes that hold networks say of failures."""

from __future__ import annotations

import errno
import importlib
from types import SimpleNamespace

import pytest

from fmnist.errors import InferenceError, RecipeError
from fmnist.network_process import answer_with as answer_with_module


class ResourceExhaustedError(Exception):
    """Named as TensorFlow's."""


def answer_failing(error: Exception, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, object]:
    def fail() -> None:
        raise error

    monkeypatch.setattr(importlib, "import_module", lambda _: SimpleNamespace(ask=fail))
    return answer_with_module("functions", "Keras and TensorFlow", "ask", ())


@pytest.mark.parametrize(
    ("error", "cause", "remedy"),
    [
        (
            PermissionError(errno.EACCES, "Permission denied", "/runs/a/model.keras"),
            "/runs/a/model.keras can't be read or written: Permission denied",
            "Check the disk and the permissions",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "/tmp/network.h5"),
            "/tmp/network.h5 can't be written: the disk is full",
            "Free space there",
        ),
        (ValueError("bad shape\nmore"), "can't be run: ValueError: bad shape.", "another run"),
    ],
)
def test_each_kind_of_failure_names_its_cause_and_remedy(
    error: Exception, cause: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, raised = answer_failing(error, monkeypatch)
    assert failed
    assert isinstance(raised, InferenceError)
    assert cause in str(raised)
    assert remedy in str(raised)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        type("_ArrayMemoryError", (MemoryError,), {})("Unable to allocate 9 GiB"),
        ResourceExhaustedError("OOM when allocating tensor"),
        RuntimeError("RESOURCE_EXHAUSTED: Out of memory"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        OSError("Unable to synchronously open object (unable to allocate memory)"),
    ],
)
def test_a_worker_out_of_memory_is_not_kept(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MemoryError):
        answer_failing(error, monkeypatch)


def test_errors_of_our_own_are_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    error = RecipeError("There is no network named 'vit'.")
    assert answer_failing(error, monkeypatch) == (True, error)


def test_keras_that_can_not_be_imported_is_not_blamed_on_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: str) -> None:
        raise ModuleNotFoundError("No module named 'torch'")

    monkeypatch.setattr(importlib, "import_module", fail)
    failed, error = answer_with_module("functions", "Keras and TensorFlow", "predict", ())
    assert failed
    assert "Keras and TensorFlow can't be loaded: ModuleNotFoundError" in str(error)
    assert "train" not in str(error)
