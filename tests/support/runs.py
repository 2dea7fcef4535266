"""Run directories in any state, made without training."""

from __future__ import annotations

import os
import time
from typing import Any

import numpy as np

from fmnist.runs import Predictions, Recipe, Report, Run, create_run
from fmnist.runs.files import write_json
from fmnist.runs.processes import identify_process

ATTEMPT = "attempt-1"
PID_NEVER_USED = 2**22 + 7
"""Above the largest pid that Linux gives (``pid_max`` is at most 2**22)."""

HISTORY = (
    "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds\n1,2,0.4,1.5,0.5,0.001,3\n"
)
STEPS = (
    "step,epoch,loss,accuracy,learning_rate,images_per_second,seconds\n5,0.5,2.2,0.3,0.001,900,1\n"
)


def write_launch(run: Run, *, alive: bool, **changes: Any) -> None:
    """Record this very process as the run's worker, or one that never was."""
    launch = identify_process(os.getpid() if alive else PID_NEVER_USED, ATTEMPT).to_dict()
    write_json(run.path / "launch.json", launch | changes)


def write_status(run: Run, state: str, **changes: Any) -> None:
    """Write what a worker in its first epoch reports."""
    status = {
        "state": state, "phase": "Training", "attempt": ATTEMPT, "epoch": 1, "epochs": 4,
        "batch": 2, "batches": 10, "seconds": 3.0, "heartbeat": time.time(),
    }  # fmt: skip
    write_json(run.path / "status.json", status | changes)


def build_predictions(n_test: int = 20) -> Predictions:
    """Return predictions of which the first is wrong and all others are right."""
    labels = (np.arange(n_test) % 10).astype(np.uint8)
    proba = np.full((n_test, 10), 0.02, np.float32)
    proba[np.arange(n_test), labels] = 0.82
    proba[0] = np.roll(proba[0], 1)  # one mistake
    return Predictions(
        val_index=np.arange(n_test),
        val_true=labels,
        val_proba=proba,
        test_true=labels,
        test_proba=proba,
        test_fingerprint="f-test",
        train_fingerprint="f-train",
    )


def build_report(network: str = "cnn", n_test: int = 20) -> Report:
    """Return the report of a run that has learnt well."""
    return Report(
        network=network, parameters=538_122, seed=0, best_epoch=1, epochs_run=2,
        n_train=540, n_validation=60, n_test=n_test, validation={"accuracy": 0.9, "loss": 0.3},
        test={"accuracy": 0.95, "loss": 0.3}, data={"kind": "idx", "test": "f-test"},
        seconds=65.0, hardware={"processor": "p", "cores": 2, "accelerators": []}, versions={},
        created="2026-01-02T03:04:05+00:00", command="python -m fmnist train",
    )  # fmt: skip


def write_report(run: Run, n_test: int = 20) -> None:
    """Write predictions and report, which makes a run a finished one."""
    build_predictions(n_test).save(run.path / "predictions.npz")
    write_json(run.report_path, build_report(run.recipe.network, n_test).to_dict())


def make_run(state: str, run_id: str | None = None, network: str = "baseline") -> Run:
    """Create a run that is in that state, with curves once it was started."""
    run = create_run(Recipe(network), run_id=run_id or f"a-{state}-run")
    if state == "queued":
        return run
    (run.path / "history.csv").write_text(HISTORY)
    (run.path / "steps.csv").write_text(STEPS)
    match state:
        case "running" | "stopping":
            write_launch(run, alive=True)
            write_status(run, "running")
        case "stopped":
            write_launch(run, alive=False)
            write_status(run, "stopped")
        case "failed":
            write_launch(run, alive=False)
            write_status(run, "failed", error="The memory ran out. Try half the batch size.")
        case "lost":
            write_launch(run, alive=False, exit_code=-9)
            write_status(run, "running")
        case "finished":
            write_report(run)
        case "damaged":
            (run.path / "launch.json").write_text('{"pid": "x"}')
    if state in {"stopping", "stopped"}:
        run.request_stop()
    return run


def make_owned_run(state: str, run_id: str, owner: str) -> None:
    """Create a run that is in that state and has an owner."""
    run = make_run(state, run_id)
    recipe = {**run.recipe.to_dict(), "created": run.created, "owner": owner}
    write_json(run.path / "recipe.json", recipe)


def assert_same_history(one: Run, other: Run, tolerance: float) -> None:
    """Fail unless two runs have the same curves, except for the seconds."""
    first, second = one.load_history(), other.load_history()
    assert list(first) == list(second)
    for name in set(first) - {"seconds"}:
        np.testing.assert_allclose(second[name], first[name], rtol=0, atol=tolerance, err_msg=name)
