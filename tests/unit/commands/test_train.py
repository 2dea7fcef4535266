"""``python -m fmnist train``: the recipe of its options, its output and its exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fmnist.__main__ import main
from fmnist.commands import train
from fmnist.launching import launcher
from fmnist.launching.trouble import note_trouble
from fmnist.networks import STARTING_POINTS
from fmnist.runs import Recipe, RunState, create_run, list_runs, open_run
from tests.support.runs import make_run, write_report, write_status


@pytest.fixture
def trained_by(monkeypatch: pytest.MonkeyPatch):
    """Let a fake dispatcher end the run in a state."""

    def install(state: RunState) -> None:
        def spawn() -> None:
            (run,) = [r for r in list_runs() if r.load_state() is RunState.QUEUED]
            if state is RunState.FINISHED:
                write_report(run)
            else:
                made = make_run(state.value, f"like-{run.run_id}")
                for name in ("launch.json", "status.json", "stop"):
                    if (made.path / name).exists():
                        shutil.copy(made.path / name, run.path)
                shutil.rmtree(made.path)

        monkeypatch.setattr(launcher, "_spawn_dispatcher", spawn)

    return install


def test_train_queues_the_recipe_of_its_options_and_prints_the_report(
    isolated: Path, trained_by, capsys: pytest.CaptureFixture[str]
) -> None:
    trained_by(RunState.FINISHED)
    words = ["--network", "baseline", "--epochs", "3", "--seed", "7", "--no-averaging"]
    assert main(["train", *words, "--run", "mine", "--train-share", "0.5"]) == 0
    recipe = open_run("mine").recipe
    assert (recipe.network, recipe.epochs, recipe.seed) == ("baseline", 3, 7)
    assert (recipe.averaging, recipe.train_share, recipe.augmentation) == (False, 0.5, "flip")
    captured = capsys.readouterr()
    printed = json.loads(captured.out)
    assert (printed["run"], printed["test"]["accuracy"]) == ("mine", 0.95)
    assert captured.err.splitlines()[-1] == (
        "mine: finished, 90.00% on the validation set, 95.00% on the test set"
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [(RunState.FAILED, "mine is failed. The memory ran out"), (RunState.STOPPED, "mine is stopped"),
     (RunState.LOST, "mine is lost")],
)  # fmt: skip
def test_train_that_does_not_finish_has_exit_status_1(
    isolated: Path, trained_by, capsys: pytest.CaptureFixture[str], state: RunState, words: str
) -> None:
    trained_by(state)
    assert main(["train", "--run", "mine"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    trained_by(RunState.FINISHED)
    assert main(["train", "--resume", "mine"]) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--epochs", "0"], "epochs is 0; it must be a whole number from 1 to 500"),
        (["--learning-rate", "nan"], "learning_rate is nan"),
        (["--run", "../x"], "'../x' can't be the name of a run"),
        (["--resume", "nothing"], "no run named 'nothing'"),
    ],
)
def test_train_refuses_with_the_reason(
    isolated: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert main(["train", *words]) == 1
    assert message in capsys.readouterr().err
    assert list_runs() == []


def test_ctrl_c_asks_the_run_to_stop_and_waits_for_it(
    isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run("running")
    presses = iter([True, False])

    def press(_: float) -> None:
        if next(presses):
            raise KeyboardInterrupt
        assert run.is_stop_requested
        write_status(run, "stopped")

    monkeypatch.setattr(train.time, "sleep", press)
    assert train.follow(run) is RunState.STOPPED


def test_waiting_run_says_what_keeps_it_waiting(
    isolated: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = create_run(Recipe("cnn"), run_id="waits")
    note_trouble("The Ray cluster at 10.0.0.9:6379 can't be reached: refused.")
    monkeypatch.setattr(train, "ensure_dispatcher", lambda: None)
    monkeypatch.setattr(train.time, "sleep", lambda _: run.request_stop())
    assert train.follow(run) is RunState.STOPPED
    assert "waits: queued. The Ray cluster at 10.0.0.9:6379" in capsys.readouterr().err


def test_architecture_comes_from_a_file_or_the_option_itself(
    isolated: Path, trained_by, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained_by(RunState.FINISHED)
    text = (STARTING_POINTS / "baseline.json").read_text()
    (tmp_path / "own.json").write_text(text)
    for given, name in ((str(tmp_path / "own.json"), "file"), (text, "text")):
        assert main(["train", "--architecture", given, "--run", name]) == 0
        assert open_run(name).recipe.network == "custom"
    assert open_run("file").recipe.architecture == open_run("text").recipe.architecture
    capsys.readouterr()
    assert main(["train", "--architecture", str(tmp_path / "none.json")]) == 1
    assert "none.json can't be read as an architecture" in capsys.readouterr().err
