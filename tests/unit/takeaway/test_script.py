from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fmnist.__main__ import main
from fmnist.errors import RecipeError
from fmnist.networks import NETWORKS
from fmnist.runs import Recipe, create_run
from fmnist.runs.settings_spec import SETTINGS
from fmnist.settings import PROJECT_DIR
from fmnist.takeaway.script import build_exploration, build_script
from fmnist.takeaway.training import Training, describe_training, shorten
from tests.support.archives import write_csvs
from tests.support.in_keras_scripts import run_script, train_and_run_script
from tests.support.runs import make_run
from tests.unit.takeaway.test_network_source import EVERY_LAYER

AUGMENTATIONS = [name for name in SETTINGS["augmentation"].choices if name != "outside"]
ALLOWED = {"keras", "numpy", "matplotlib"} | sys.stdlib_module_names
BACKEND = "tensorflow"
"""Imported only where it is Keras' backend, by what the program does in one of its operations."""
TRAININGS = [
    Training(NETWORKS["baseline"].recipe, ""),
    Training(NETWORKS["cnn"].recipe, "cnn", "mixed_bfloat16", fingerprint="f", test_accuracy=0.9),
    Training(NETWORKS["record"].presets["long"], "a run", backend="jax"),
    Training(Recipe("custom", architecture=EVERY_LAYER, validation_share=0.0), "über + 1"),
    Training(Recipe("cnn", early_stopping=3, schedule="constant", averaging=False), "x"),
    Training(NETWORKS["cnn"].presets["taught"], "taught"),
    Training(replace(NETWORKS["cnn"].presets["taught"], precision="mixed_bfloat16"), "half"),
]


def list_imports(text: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def find_faults(text: str) -> str:
    """Return what pyflakes' rules say of a script: unknown names, imports that nothing uses."""
    ruff = Path(sys.executable).with_name("ruff")
    command = [str(ruff), "check", "--isolated", "--select=F,E9,I", "--line-length=100", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout


@pytest.mark.parametrize("training", TRAININGS, ids=lambda training: training.stem)
def test_script_stands_alone(training: Training) -> None:
    text = build_script(training)
    assert list_imports(text) <= ALLOWED | {BACKEND}
    assert not re.search(f"^(import|from) {BACKEND}", text, re.MULTILINE)
    assert find_faults(text) == ""
    code = [line for line in text.splitlines() if not line.startswith("#")]
    assert max(map(len, code)) <= 100
    assert f'network.save("{training.stem}.h5")' in text


def test_augmentation_without_a_layer_in_the_script_is_refused() -> None:
    recipe = Recipe("cnn")
    object.__setattr__(recipe, "augmentation", "flip_rotate")
    with pytest.raises(ValueError, match="no layer for rotate of flip_rotate"):
        build_script(Training(recipe, "x"))


@pytest.mark.parametrize("augmentation", AUGMENTATIONS)
def test_every_augmentation_can_be_written(augmentation: str) -> None:
    text = build_script(Training(Recipe("cnn", augmentation=augmentation), "x"))
    assert find_faults(text) == ""


def test_exploration_stands_alone() -> None:
    text = build_exploration()
    assert list_imports(text) <= {"numpy", "matplotlib"} | sys.stdlib_module_names
    assert find_faults(text) == ""


def test_every_setting_has_its_value() -> None:
    text = build_script(Training(Recipe("cnn", batch_size=96, weight_decay=0.03, seed=7), "x"))
    assert {"BATCH_SIZE = 96", "WEIGHT_DECAY = 0.03", "SEED = 7"} <= set(text.splitlines())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"augmentation": "outside"}, "photos and drawings"),
        ({"start_from": "compact"}, "the weights of another run, compact"),
        ({"edits": "edits.json"}, "edited rows"),
        ({"network": "random_forest"}, "not a Keras network"),
    ],
)
def test_what_a_script_can_not_do_is_refused(changes: dict[str, Any], reason: str) -> None:
    recipe = Recipe(**{"network": "cnn", **changes})
    with pytest.raises(RecipeError, match=rf"mine can't be written.*{reason}"):
        build_script(Training(recipe, "mine"))


def test_a_quick_look_says_what_the_run_had() -> None:
    training = shorten(Training(Recipe("cnn", epochs=40), "mine"), 5, 0.1)
    text = build_script(training)
    assert {"EPOCHS = 5", "TRAIN_SHARE = 0.1"} <= set(text.splitlines())
    assert "The run had 40 epochs on 100%" in " ".join(text.replace("\n# ", " ").split())
    assert shorten(training, None, None) == training
    with pytest.raises(RecipeError, match="epochs"):
        shorten(training, 0, None)


def test_what_was_recorded_of_a_run_is_taken(isolated: Path) -> None:
    run = make_run("finished", "mine", "cnn")
    training = describe_training(run)
    assert (training.test_accuracy, training.precision) == (0.95, "float32")
    assert training.backend == "tensorflow"


def test_command_prints_or_writes_the_script(
    isolated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    create_run(Recipe("cnn"), run_id="mine")
    assert main(["script", "mine"]) == 0
    printed = capsys.readouterr().out
    assert main(["script", "mine", "-o", str(tmp_path / "mine.py")]) == 0
    assert (tmp_path / "mine.py").read_text("utf-8") == printed
    assert main(["script", "mine", "-o", str(tmp_path / "none" / "mine.py")]) == 1
    assert "can't be written" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        {"network": "cnn", "augmentation": "flip_shift_erase", "label_smoothing": 0.1},
        {"network": "baseline", "optimizer": "sgd", "learning_rate": 0.05, "averaging": False},
        {"network": "custom", "architecture": EVERY_LAYER, "augmentation": "crop_cutout"},
        {"validation_share": 0.0, "schedule": "constant", "learning_rate": 3e-4},
        {"network": "cnn", "teacher": "baseline", "teacher_share": 0.5, "validation_share": 0.1},
    ],
    ids=["cnn", "sgd", "custom", "unvalidated", "taught"],
)
def test_script_trains_as_the_program_does(
    changes: dict[str, Any],
    in_keras: Callable[..., Any],
    tiny_archive: Path,
    tiny_cache: Path,
    tmp_path: Path,
) -> None:
    settings = {"epochs": 2, "precision": "float32"} | changes
    shutil.copytree(PROJECT_DIR / "models" / "baseline", tmp_path / "baseline")
    ours, script = in_keras(
        train_and_run_script, str(tiny_archive), str(tiny_cache), str(tmp_path), str(tmp_path),
        "mine", **settings,
    )  # fmt: skip
    assert script[0]["loss"] == pytest.approx(ours[0]["loss"], abs=1e-3)
    assert len(script) == len(ours) == 2
    if settings.get("validation_share", 1):
        assert script[0]["val_accuracy"] == pytest.approx(ours[0]["val_accuracy"], abs=0.02)
        assert script[0]["val_loss"] == pytest.approx(ours[0]["val_loss"], abs=5e-3)
    assert list(tmp_path.glob("fashion_mnist_*.h5"))


@pytest.mark.slow
def test_script_reads_csv_files(
    in_keras: Callable[..., Any], tiny_cache: Path, tmp_path: Path, isolated: Path
) -> None:
    rng = np.random.default_rng(0)
    archive = tmp_path / "csv"
    archive.mkdir()
    arrays = {}
    for split, n in (("train", 60), ("test", 20)):
        arrays |= {
            f"x_{split}": rng.integers(0, 256, (n, 28, 28), np.uint8),
            f"y_{split}": (np.arange(n) % 10).astype(np.uint8),
        }
    write_csvs(archive, arrays)
    create_run(Recipe("baseline", epochs=1), run_id="mine")
    folders = (str(archive), str(tiny_cache), str(isolated), str(tmp_path))
    (row,) = in_keras(run_script, *folders, "mine")
    assert np.isfinite(row["loss"])
