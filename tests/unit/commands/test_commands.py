from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from fmnist.__main__ import build_parser, main
from fmnist.commands import train
from fmnist.data import load_dataset
from fmnist.launching import launcher
from fmnist.runs import RunState, list_runs, open_run
from tests.support.archives import assert_same_arrays
from tests.support.runs import make_run, write_report, write_status

COMMANDS = ("data", "train", "evaluate", "predict", "export")


def parser_of(command: str) -> argparse.ArgumentParser:
    (commands,) = [
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    return commands.choices[command]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_says_what_it_does(command: str) -> None:
    for action in parser_of(command)._actions:
        assert action.help, f"{command} {action.option_strings or action.dest} has no help"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert f"python -m fmnist {command}" in capsys.readouterr().out


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(command in text for command in COMMANDS)


@pytest.mark.parametrize(
    "words", [[], ["fly"], ["train", "--epochs", "x"], ["predict"], ["evaluate"], ["export"]]
)
def test_what_can_not_be_parsed_has_exit_status_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2


def test_data_describes_what_was_found(isolated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data"]) == 0
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert "600" in captured.out.replace(",", "")
    assert found
    assert captured.err == ""  # nobody watches


def test_progress_goes_to_a_terminal_on_standard_error(
    isolated: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(["data"]) == 0
    captured = capsys.readouterr()
    assert "100%" in captured.err
    assert json.loads(captured.out)


def test_data_writes_csv_files_that_read_back_the_same(
    isolated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    dataset = load_dataset()
    arrays = {
        name: np.array(getattr(dataset, name))
        for name in ("x_train", "y_train", "x_test", "y_test")
    }
    target = tmp_path / "csv"
    assert main(["data", "--csv", str(target)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(target / "fashion-mnist_test.csv")
    monkeypatch.setenv("FMNIST_ARCHIVE", str(target))
    assert_same_arrays(load_dataset(), arrays)


def test_data_reports_a_broken_archive(
    isolated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
) -> None:
    (tmp_path / "fashion-mnist_train.csv").touch()
    monkeypatch.setenv("FMNIST_ARCHIVE", str(tmp_path))
    assert main(["data"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "error: " in captured.err


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


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("x.pb", "must end in .h5 or .keras"),
        ("none/x.h5", "There is no folder"),
        ("x.h5", "no model yet"),
    ],
)
def test_export_refuses_with_the_reason(
    isolated: Path, tmp_path: Path, output: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    make_run("queued", "mine")
    assert main(["export", "mine", str(tmp_path / output)]) == 1
    assert message in capsys.readouterr().err
