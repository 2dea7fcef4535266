"""The directory of a learning-rate range test: its recipe, process and result."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from fmnist import settings
from fmnist.data.edits import compute_digest, load_edits
from fmnist.errors import RunError
from fmnist.runs.files import load_json
from fmnist.runs.layout import RunFile
from fmnist.runs.processes import is_alive
from fmnist.runs.recipe import Recipe
from fmnist.runs.records import Launch, Record

FOLDER: Final = ".range_tests"
"""Inside the models folder, hidden, so that no test is listed as a run."""

OWNER_FILE: Final = "owner.json"
"""A file beside the recipe, which holds settings only."""

RATES: Final = np.geomspace(1e-6, 1.0, 100)
"""The rates that are tried, one per batch."""

_WITHOUT_EFFECT: Final = frozenset(
    {
        "learning_rate",
        "epochs",
        "schedule",
        "averaging",
        "averaging_steps",
        "early_stopping",
        "event_files",
    }
)
"""Settings without effect on the test; all others are part of its key."""


@dataclass(frozen=True, slots=True)
class RangeResult(Record):
    """The measurements of the test so far.

    Attributes:
        state: ``running``, ``finished`` or ``failed``.
        rates: the rate of each batch so far.
        losses: the loss of each batch, cross-entropy in nats.
        diverged: whether the loss diverged, which ended the test.
        error: why it failed, one line.
        seconds: how long the batches took.
    """

    state: str = "running"
    rates: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    diverged: bool = False
    error: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RangeTest:
    """The directory of one test; every method reads the disk.

    Attributes:
        path: ``models/.range_tests/<key>``.
    """

    path: Path

    @property
    def key(self) -> str:
        """Name of the directory: a hash of all that affects the result."""
        return self.path.name

    @property
    def owner(self) -> str:
        """The person who asked for it, empty if no one is named."""
        return str((load_json(self.path / OWNER_FILE) or {}).get("owner", ""))

    def load_recipe(self) -> Recipe:
        """Read the settings that are tested.

        Raises:
            RunError: there are none.
            RecipeError: they can't be used.
        """
        values = load_json(self.path / RunFile.RECIPE)
        if values is None:
            raise RunError(f"{self.path} holds no recipe. Test the learning rate again.")
        return Recipe.from_dict(values)

    def load_launch(self) -> Launch | None:
        """Read which process was started for it, or None if none was."""
        return Launch.load(self.path / RunFile.LAUNCH)

    def load_result(self) -> RangeResult | None:
        """Read what was measured, or None if there is no such test.

        A process that ended without a result has failed.
        """
        launch = self.load_launch()
        if launch is None:
            return None
        alive = is_alive(launch)  # before its last result is read
        result = RangeResult.load(self.path / "result.json") or RangeResult()
        if result.state == "running" and alive is False:
            error = f"The test ended unexpectedly. {self.path / RunFile.LOG} may show why."
            return dataclasses.replace(result, state="failed", error=error)
        return result

    @property
    def is_running(self) -> bool:
        """Whether its process is running."""
        result = self.load_result()
        return result is not None and result.state == "running"


def open_range_test(recipe: Recipe, fingerprint: str) -> RangeTest:
    """Return the test of these settings on these data, which need not exist yet.

    Args:
        recipe: what is to be trained.
        fingerprint: ``Dataset.fingerprints["train"]``.

    Raises:
        DataError: the recipe names a file of edits that can't be used.
    """
    values = {k: v for k, v in recipe.to_dict().items() if k not in _WITHOUT_EFFECT}
    if recipe.edits:
        values["edits"] = compute_digest(load_edits(Path(recipe.edits)))
    text = json.dumps({**values, "data": fingerprint, "rates": RATES.tolist()}, sort_keys=True)
    return RangeTest(_folder() / hashlib.sha256(text.encode()).hexdigest()[:16])


def find_running_test() -> RangeTest | None:
    """Return a running test, whatever its settings, or None."""
    tests = (RangeTest(path.parent) for path in _folder().glob(f"*/{RunFile.LAUNCH}"))
    for test in tests:
        with suppress(RunError):  # damaged: the test of other settings must not block this one
            if test.is_running:
                return test
    return None


def _folder() -> Path:
    return settings.models_dir() / FOLDER
