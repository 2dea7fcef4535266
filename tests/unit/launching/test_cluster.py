"""The executor of a cluster, with a Ray that keeps its tasks in memory."""

from __future__ import annotations

import re
import socket
from importlib.util import find_spec as find_any_spec
from pathlib import Path

import pytest

from fmnist import settings
from fmnist.errors import ExecutorError
from fmnist.launching import executors, launcher, load_trouble, resume_run, start_run
from fmnist.launching.dispatcher import main
from fmnist.launching.executors import RayExecutor, choose_executor, cluster
from fmnist.launching.executors.cluster_task import train_run
from fmnist.runs import Recipe, Run, RunState, create_run
from tests.support.launching import list_names
from tests.support.ray_cluster import FakeRay, install_fake_ray
from tests.support.runs import make_run, write_launch, write_status


@pytest.fixture
def ray(isolated: Path, monkeypatch: pytest.MonkeyPatch) -> FakeRay:
    monkeypatch.setattr(launcher, "_spawn_dispatcher", lambda: None)
    return install_fake_ray(monkeypatch)


def work(ray: FakeRay, run: Run, state: str = "running") -> None:
    """Write what the worker of the latest task writes when it begins."""
    attempt = ray.tasks[-1]["given"][1]
    write_launch(run, alive=True, attempt=attempt)
    write_status(run, state, attempt=attempt)


def test_a_run_is_one_task_that_asks_for_what_it_needs(
    ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_RUN_CPUS", "1")
    monkeypatch.setenv("FMNIST_RUN_GPUS", "1")
    executor = RayExecutor()
    network, classical = create_run(Recipe("cnn")), create_run(Recipe("logistic_regression"))
    for run in (network, classical):
        executor.start(run)
    (first, second) = ray.tasks
    path, attempt, environment = first["given"]
    assert path == str(network.path)
    assert attempt != second["given"][1]
    assert first["options"] == {"num_cpus": 1, "num_gpus": 1, "max_calls": 1, "max_retries": 0}
    assert second["options"]["num_gpus"] == 0
    assert environment["FMNIST_MODELS"] == str(settings.models_dir())
    assert environment["TF_NUM_INTRAOP_THREADS"] == "1"
    assert "PATH" not in environment, "the nodes have their own"
    assert ray.connections == 1


@pytest.mark.parametrize(("end", "code"), [(0, 0), (1, 1), ("WorkerCrashedError", -9)])
def test_end_of_a_worker_is_recorded_and_never_tried_again(
    ray: FakeRay, end: object, code: int
) -> None:
    executor, run = RayExecutor(), create_run(Recipe("cnn"))
    handle = executor.start(run)
    assert executor.is_alive(handle)
    work(ray, run)
    ray.tasks[0]["end"] = end
    assert not executor.is_alive(handle)
    assert run.load_launch().exit_code == code
    assert run.load_state() is RunState.LOST
    assert len(ray.tasks) == 1
    assert ("of Ray" in run.load_log()) == isinstance(end, str)


def test_worker_that_dies_before_it_begins_is_not_started_again_and_again(ray: FakeRay) -> None:
    executor, run = RayExecutor(), create_run(Recipe("cnn"))
    handle = executor.start(run)
    ray.tasks[0]["end"] = "RayTaskError"
    assert not executor.is_alive(handle)
    assert run.load_launch().exit_code == 1
    assert list_names() == []


def test_run_of_a_dead_node_continues_on_another_but_not_for_ever(ray: FakeRay) -> None:
    executor, run = RayExecutor(), create_run(Recipe("cnn"))
    handle = executor.start(run)
    for lost in range(cluster.MAX_NODES_LOST):
        work(ray, run)
        ray.tasks[lost]["end"] = "NodeDiedError"
        assert executor.is_alive(handle)
        assert run.load_state() is RunState.QUEUED, "until its next worker begins"
        assert len(ray.tasks) == lost + 2
    work(ray, run)
    ray.tasks[-1]["end"] = "NodeDiedError"
    assert not executor.is_alive(handle)
    assert run.load_state() is RunState.LOST
    assert len({task["given"][1] for task in ray.tasks}) == len(ray.tasks), "a name for each"


def test_run_of_a_killed_dispatcher_is_watched_and_continued_once_its_worker_is_gone(
    ray: FakeRay,
) -> None:
    executor, run = RayExecutor(), make_run("running", "orphan")
    handle = executor.start(run)
    assert executor.is_alive(handle)
    executor.stop(handle)  # its worker sees the request itself
    assert ray.tasks == ray.cancelled == []
    write_launch(run, alive=False)
    assert executor.is_alive(handle)
    assert len(ray.tasks) == 1
    finished = make_run("running", "finished")
    handle = executor.start(finished)
    (finished.path / "report.json").write_bytes(
        (make_run("finished", "other").path / "report.json").read_bytes()
    )
    assert not executor.is_alive(handle)
    assert len(ray.tasks) == 1


def test_stop_cancels_a_task_that_waits_and_lets_a_worker_end_by_itself(
    ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor, waiting, training = (
        RayExecutor(),
        create_run(Recipe("cnn")),
        create_run(Recipe("cnn")),
    )
    first = executor.start(waiting)
    second = executor.start(training)
    work(ray, training)
    for run, handle in ((waiting, first), (training, second)):
        run.request_stop()
        executor.stop(handle)
    assert ray.cancelled == [0]
    ray.tasks[0]["end"] = "TaskCancelledError"
    assert not executor.is_alive(first)
    assert waiting.load_state() is RunState.STOPPED
    assert waiting.load_launch() is None
    monkeypatch.setattr(cluster, "GRACE_SECONDS", -1.0)
    executor.stop(second)
    assert ray.cancelled == [0, 1]


def test_worker_that_could_not_begin_keeps_its_place_for_a_while(
    ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor, run = RayExecutor(), create_run(Recipe("cnn"))
    handle = executor.start(run)
    ray.tasks[0]["end"] = 75
    assert executor.is_alive(handle)
    monkeypatch.setattr(cluster, "RETRY_SECONDS", -1.0)
    assert not executor.is_alive(handle)
    assert run.load_state() is RunState.QUEUED


def test_resources_that_no_node_has_are_named(
    ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_RUN_CPUS", "4")
    monkeypatch.setenv("FMNIST_RUN_GPUS", "1")
    run = create_run(Recipe("cnn"))
    with pytest.raises(ExecutorError, match=r"the 4 CPUs and 1 GPUs .* have 4 CPUs and 0 GPUs, 2"):
        RayExecutor().start(run)
    RayExecutor().start(create_run(Recipe("random_forest")))  # needs no GPU
    assert len(ray.tasks) == 1


def test_cluster_that_does_not_answer_is_named_with_the_remedy(
    ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    monkeypatch.setenv("RAY_ADDRESS", address)
    with pytest.raises(ExecutorError, match=rf"{re.escape(address)} can't.*refused.*“ray start"):
        RayExecutor().start(create_run(Recipe("cnn")))
    monkeypatch.delenv("RAY_ADDRESS")
    ray.refusal = ConnectionError("Could not find any running Ray instance.\nMore.")
    with pytest.raises(ExecutorError, match=r"this machine .* running Ray instance. Start it"):
        RayExecutor().start(create_run(Recipe("cnn")))
    assert RayExecutor().describe() == "the Ray cluster at this machine (RAY_ADDRESS is not set)"


@pytest.mark.parametrize(
    ("name", "message"),
    [("ray", r"pip install -r requirements-extras\.txt"), ("slurm", "'slurm'; it can be local or")],
)
def test_executor_that_is_not_there_refuses_runs_before_they_wait(
    ray: FakeRay,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    message: str,
) -> None:
    stopped = make_run("stopped", "stopped")
    monkeypatch.setattr(
        executors, "find_spec", lambda name: None if name == "ray" else find_any_spec(name)
    )
    monkeypatch.setenv("FMNIST_EXECUTOR", name)
    with pytest.raises(ExecutorError, match=message):
        start_run(Recipe("cnn"), run_id="new")
    with pytest.raises(ExecutorError, match=message):
        resume_run("stopped")
    assert not (settings.models_dir() / "new").exists()
    assert stopped.load_state() is RunState.STOPPED
    main()  # for runs that wait already
    assert re.search(message, load_trouble())
    assert re.search(message, capsys.readouterr().out)


def test_executor_is_chosen_by_the_environment(
    ray: FakeRay, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert type(choose_executor()).__name__ == "LocalExecutor"
    monkeypatch.setattr(executors, "find_spec", lambda _: True)
    monkeypatch.setenv("FMNIST_EXECUTOR", " Ray ")
    assert type(choose_executor()).__name__ == "RayExecutor"


@pytest.mark.parametrize(
    ("value", "cpus", "gpus"), [("", 2, 0), ("3", 3, 3), ("0", 1, 0), ("-1", 2, 0), ("x", 2, 0)]
)
def test_resources_come_from_the_environment(
    value: str, cpus: int, gpus: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_RUN_CPUS", value)
    monkeypatch.setenv("FMNIST_RUN_GPUS", value)
    assert (settings.run_cpus(), settings.run_gpus()) == (cpus, gpus)


def test_node_that_does_not_see_the_run_directory_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=rf"{socket.gethostname()} has no .* all nodes sha"):
        train_run(str(tmp_path / "nowhere"), "attempt", {})
