"""Two nodes of a real Ray cluster on this machine: a node killed in mid-run, a sweep over both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from fmnist import settings
from fmnist.launching import start_run, stop_run
from fmnist.runs import Recipe, Run, RunState
from fmnist.study import SWEEP, Range, Study, StudyPlan, StudyState, start_study
from fmnist.study.journal import load_trials
from tests.support.launching import dispatchers, processes_of, wait_for, wait_for_state

pytestmark = [pytest.mark.processes, pytest.mark.slow]

STORE_BYTES = 80 * 2**20
"""Of each node's objects, of which a run needs none."""

TINY = Recipe("baseline", epochs=500, width=0.25, train_share=0.5, precision="float32")


@pytest.fixture
def cluster(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head without room for runs and two nodes with room for one each."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True,
        head_node_args={
            "num_cpus": 0, "object_store_memory": STORE_BYTES, "include_dashboard": False
        },
    )  # fmt: skip
    for _ in range(2):
        cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)
    monkeypatch.setenv("RAY_ADDRESS", cluster.address)
    monkeypatch.setenv("FMNIST_EXECUTOR", "ray")
    monkeypatch.setenv("FMNIST_RUN_CPUS", "1")
    yield cluster
    for process in processes_of(isolated, ("fmnist.launching", "fmnist.study")):
        process.kill()
    cluster.shutdown()


def find_node(cluster: Any, run: Run) -> Any:
    """Return the node that trains a run: its workers are children of its raylet."""
    parent = psutil.Process(run.load_launch().pid).ppid()
    (node,) = [
        node
        for node in cluster.worker_nodes
        if node.all_processes["raylet"][0].process.pid == parent
    ]
    return node


def count_epochs(run: Run) -> int:
    return len(run.load_history().get("epoch", ()))


def test_run_of_a_killed_node_is_resumed_on_the_other_and_can_be_stopped(
    cluster: Any, isolated: Path
) -> None:
    run = start_run(TINY, run_id="run")
    wait_for(lambda: count_epochs(run) >= 2, 90)
    assert len(run.load_steps()["loss"]) > 0, "the live curve"
    first, attempt = find_node(cluster, run), run.load_launch().attempt
    seconds, epochs = run.load_history()["seconds"], count_epochs(run)
    cluster.remove_node(first, allow_graceful=False)
    wait_for(lambda: (found := run.load_launch()) and found.attempt != attempt, 90)
    wait_for(lambda: count_epochs(run) > epochs, 90)
    assert find_node(cluster, run) is not first
    assert run.load_history()["epoch"].tolist() == list(range(1, count_epochs(run) + 1))
    assert run.load_history()["seconds"][0] == seconds[0], "not from the beginning"
    stop_run(run)
    wait_for_state(run, RunState.STOPPED)
    wait_for(lambda: not dispatchers(isolated))


def test_sweep_two_at_a_time_comes_to_what_it_comes_to_on_one_machine(
    cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_PARALLEL", "2")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    most = 0

    def train(name: str) -> Study:
        # Sixteen trainings of a network would import TensorFlow sixteen times.
        recipe = Recipe("gradient_boosting", trees=2)
        space = {"learning_rate": Range(1e-3, 1.0, log=True)}
        study = start_study(StudyPlan(SWEEP, recipe, 8, space=space, pruning=False), name=name)

        def is_over() -> bool:
            nonlocal most
            most = max(most, sum(r.load_state() is RunState.RUNNING for r in study.list_runs()))
            return study.load_state() is StudyState.FINISHED

        wait_for(is_over, 400)
        return study

    on_nodes = train("nodes")
    monkeypatch.setenv("FMNIST_EXECUTOR", "local")
    here = train("here")
    assert most == 2
    trials = [load_trials(study) for study in (on_nodes, here)]
    assert len(trials[0]) == 8
    assert len({trial.accuracy for trial in trials[0]}) > 1
    for node, local in zip(*trials, strict=True):
        assert node.settings == local.settings
        assert node.accuracy == local.accuracy
    assert settings.parallel_runs() == 2
