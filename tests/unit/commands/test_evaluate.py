"""``python -m fmnist evaluate``: the metrics of a run, as text and as JSON."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from fmnist.__main__ import main
from fmnist.classes import CLASS_NAMES
from fmnist.data import load_dataset
from fmnist.inference import InferencePool
from tests.support import evaluate_pages
from tests.support.label_issues import write_search
from tests.support.runs import build_predictions, make_run


def refuse_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def evaluate(capsys: pytest.CaptureFixture[str]) -> dict:
    assert main(["evaluate", "mine", "--json"]) == 0
    return json.loads(capsys.readouterr().out, parse_constant=refuse_constant)


def test_evaluate_prints_the_metrics_of_a_run(
    isolated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_run("finished", "mine")
    values = evaluate(capsys)
    assert (values["run"], values["split"], values["n"]) == ("mine", "test", 20)
    assert values["accuracy"] == values["macro_recall"] == pytest.approx(0.95)
    low, high = values["accuracy_interval_95"]
    assert 0 < low < 0.95 < high < 1
    assert [row["class"] for row in values["classes"]] == list(CLASS_NAMES)
    assert np.array(values["confusion"]).sum() == 20
    assert values["log_loss"] == pytest.approx(-(19 * np.log(0.82) + np.log(0.02)) / 20)
    assert main(["evaluate", "mine"]) == 0
    text = capsys.readouterr().out
    assert "95.00% of 20 test images" in text
    assert all(name in text for name in CLASS_NAMES)


def test_scores_of_a_class_without_images_are_null(
    isolated: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = make_run("finished", "mine")
    build_predictions(n_test=9).save(run.path / "predictions.npz")  # labels 0 to 8
    last = evaluate(capsys)["classes"][-1]
    assert (last["class"], last["support"]) == (CLASS_NAMES[-1], 0)
    assert last["recall"] is None
    assert last["f1"] is None


@pytest.mark.parametrize("state", ["queued", "running", "lost"])
def test_evaluate_refuses_a_run_that_has_not_finished(
    isolated: Path, capsys: pytest.CaptureFixture[str], state: str
) -> None:
    make_run(state, "mine")
    assert main(["evaluate", "mine", "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"mine is {state}" in captured.err
    assert main(["evaluate", "nothing"]) == 1


def test_robustness_is_measured_on_the_data_of_the_run(
    isolated: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    y_proba = np.eye(10, dtype=np.float32)[[0]]
    monkeypatch.setattr(
        InferencePool, "predict", lambda _self, _run, images: np.repeat(y_proba, len(images), 0)
    )
    run = make_run("finished", "mine")
    assert main(["evaluate", "mine", "--robustness"]) == 1
    assert "mine was tested on other data" in capsys.readouterr().err
    (run.path / "model.keras").write_bytes(b"weights")
    stored = dataclasses.replace(
        build_predictions(), test_fingerprint=load_dataset().fingerprints["test"]
    )
    stored.save(run.path / "predictions.npz")
    assert main(["evaluate", "mine", "--robustness", "5"]) == 1
    assert "--robustness 5 is too few" in capsys.readouterr().err
    assert main(["evaluate", "mine", "--robustness", "20", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["robustness"]
    assert (found["n_items"], found["clean"], found["mean"]) == (20, 0.1, pytest.approx(0.1))
    assert [len(shares) for shares in found["accuracy"].values()] == [5] * 10


def test_accuracy_without_the_test_images_that_training_has(
    isolated: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("archive", "cache"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(f"FMNIST_{name.upper()}", str(tmp_path / name))
    evaluate_pages.write_archive(tmp_path / "archive")
    dataset = write_search()  # test image 4 has a copy in the training set
    run = make_run("finished", "mine")
    stored = build_predictions(n_test=len(dataset.y_test))
    dataclasses.replace(stored, test_fingerprint=dataset.fingerprints["test"]).save(
        run.path / "predictions.npz"
    )
    assert main(["evaluate", "mine", "--without-copies", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    found = values["without_copies"]
    assert (found["n_copies"], found["n"]) == (1, 199)
    right = np.delete(stored.test_proba.argmax(axis=1) == stored.test_true, 4)
    assert found["accuracy"] == pytest.approx(right.mean())
    assert main(["evaluate", "mine", "--without-copies"]) == 0
    assert "of 199 without the 1 that have a near copy" in capsys.readouterr().out
