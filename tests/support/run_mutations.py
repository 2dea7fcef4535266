"""Damage to the files of a run directory: what is known to have broken pages, and seeded chance."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from fmnist.runs.files import write_json
from tests.support.fuzz import SEED
from tests.support.runs import HISTORY, STEPS, make_run, write_launch, write_status

JSON_FILES: Final = (
    "recipe.json", "queue.json", "launch.json", "status.json", "notes.json", "report.json",
)  # fmt: skip
CSV_FILES: Final = ("history.csv", "steps.csv")
BINARY_FILES: Final = ("predictions.npz", "watch.npz", "model.keras", "model.onnx")

VALUES: Final[tuple[Any, ...]] = (
    None, True, -1, 0, 10**30, 1e308, -0.5, "", "x", "x" * 100_000, "<b>", [], [[]], {}, {"a": 1},
    [None] * 1000, "2026-13-45", "../../etc/passwd",
)  # fmt: skip
RAW: Final = ("NaN", "Infinity", "-Infinity", "1e999", "1" * 5000, '"\\ud800"', "[" * 200_000)
"""What JSON writers of other programs write, as it stands in the file."""

KNOWN: Final[tuple[tuple[str, bytes], ...]] = (
    ("launch.json", b'{"pid": "x"}'),
    ("recipe.json", b"[" * 200_000),
    ("report.json", b'{"test": {}}'),
    ("notes.json", b'{"note": "' + b"x" * 20_000_000 + b'"}'),
    ("history.csv", "epoch,loss\n1,\xfc\n".encode("latin-1")),
    ("history.csv", b'epoch,loss\n1,"0.5\n'),
    ("history.csv", b"epoch," + b"," * 1_000_000 + b"\n"),
    ("status.json", b'{"epoch": "x"}'),
    ("status.json", b""),
    ("queue.json", b'{"place": "x"}'),
)


def fill_run(run_id: str, state: str = "finished") -> Path:
    """Make a run with every file that a run can have, and return its directory."""
    run = make_run(state, run_id)
    if state != "queued":
        write_launch(run, alive=False, exit_code=0)
        write_status(run, "finished" if state == "finished" else state)
    write_json(run.path / "queue.json", {"place": 1})
    write_json(run.path / "notes.json", {"note": "a note", "tags": ["tag"]})
    (run.path / "history.csv").write_text(HISTORY)
    (run.path / "steps.csv").write_text(STEPS)
    (run.path / "worker.log").write_text("Training.\n")
    (run.path / "model.keras").write_bytes(b"PK\x03\x04 no model")
    (run.path / "model.onnx").write_bytes(b"\x08\x08 no model")
    return run.path


def damage_run(path: Path, number: int) -> str:
    """Damage one file of a run, deterministically for each number; return a description."""
    rng = np.random.default_rng(SEED + number)
    if number < len(KNOWN):
        name, content = KNOWN[number]
        (path / name).write_bytes(content)
        return f"{name}: {content[:40]!r}"
    kinds: tuple[tuple[Callable[..., str], float], ...] = (
        (_change_field, 0.5), (_change_bytes, 0.2), (_change_table, 0.15), (_change_kind, 0.15),
    )  # fmt: skip
    chosen = rng.choice(len(kinds), p=[share for _, share in kinds])
    return kinds[int(chosen)][0](path, rng)


def _pick(rng: np.random.Generator, choices: Any) -> Any:
    return choices[int(rng.integers(len(choices)))]


def _change_field(path: Path, rng: np.random.Generator) -> str:
    """Replace, remove or add a field, at any depth."""
    files = [name for name in JSON_FILES if (path / name).is_file()]
    name = _pick(rng, files)
    values = json.loads((path / name).read_text())
    place, key = values, _pick(rng, [*values, "new"])
    while isinstance(place.get(key), dict) and place[key] and rng.random() < 0.7:
        place = place[key]
        key = _pick(rng, list(place))
    way = rng.random()
    if way < 0.15:
        place.pop(key, None)
        text, done = json.dumps(values), "removed"
    elif way < 0.4:
        done = _pick(rng, RAW)
        place[key] = "put here"
        text = json.dumps(values).replace('"put here"', done)
    else:
        place[key] = _pick(rng, VALUES)
        text, done = json.dumps(values), repr(place[key])
    (path / name).write_text(text)
    return f"{name}: {key} {done[:40]}"


def _change_bytes(path: Path, rng: np.random.Generator) -> str:
    """Cut a file, change some of its bytes, or replace it by noise."""
    files = [n for n in (*JSON_FILES, *CSV_FILES, *BINARY_FILES) if (path / n).is_file()]
    name = _pick(rng, files)
    content = bytearray((path / name).read_bytes())
    way = _pick(rng, ("cut", "flip", "noise", "empty", "twice"))
    if way == "cut":
        del content[int(rng.integers(len(content) + 1)) :]
    elif way == "flip":
        for at in rng.integers(len(content) or 1, size=int(rng.integers(1, 20))):
            if content:
                content[at] = int(rng.integers(256))
    elif way == "noise":
        content = bytearray(rng.bytes(int(rng.integers(1, 5000))))
    elif way == "empty":
        content.clear()
    else:
        content *= 2  # "+=" of a bytearray to itself fails
    (path / name).write_bytes(bytes(content))
    return f"{name}: {way}"


def _change_table(path: Path, rng: np.random.Generator) -> str:
    """Write a table, or arrays, of another shape or with other values."""
    if rng.random() < 0.3:
        arrays = {
            "val_index": np.arange(3), "val_true": np.zeros(3, np.uint8),
            "val_proba": np.full((3, 10), 0.1, np.float32), "test_true": np.zeros(3, np.uint8),
            "test_proba": np.full((3, 10), 0.1, np.float32), "test_fingerprint": "x",
            "train_fingerprint": "x",
        }  # fmt: skip
        name = _pick(rng, list(arrays))
        arrays[name] = _pick(
            rng,
            (
                np.full((3, 10), np.nan), np.zeros((3, 3), np.float32), np.zeros((0, 10)),
                np.array([300, 1, 2]), np.array(["a"] * 3), np.full((3, 10), 7.0), np.zeros(()),
            ),
        )  # fmt: skip
        np.savez_compressed(path / "predictions.npz", **arrays)
        return f"predictions.npz: {name} {arrays[name].dtype} {arrays[name].shape}"
    name = _pick(rng, CSV_FILES)
    lines = (path / name).read_text().splitlines()
    value = _pick(rng, ("nan", "inf", "-1e308", "", '"', "\t", "x", "1e999", "0x10", "1,1", "\0"))
    row = int(rng.integers(len(lines)))
    cells = lines[row].split(",")
    cells[int(rng.integers(len(cells)))] = value
    lines[row] = ",".join(cells)
    (path / name).write_text("\n".join(lines * int(rng.integers(1, 4))) + "\n")
    return f"{name}: {value!r} in line {row + 1}"


def _change_kind(path: Path, rng: np.random.Generator) -> str:
    """Remove a file, or replace it by something that isn't a regular file."""
    name = _pick(rng, (*JSON_FILES, *CSV_FILES, *BINARY_FILES, "worker.log", "stop"))
    target = path / name
    target.unlink(missing_ok=True)
    way = _pick(rng, ("gone", "folder", "fifo", "device", "loop", "text"))
    if way == "folder":
        target.mkdir()
    elif way == "fifo":
        os.mkfifo(target)
    elif way == "device":
        target.symlink_to("/dev/zero")
    elif way == "loop":
        target.symlink_to(target)
    elif way == "text":
        target.write_text("hello\n")
    return f"{name}: {way}"
