"""Studies whose runs are trained at once, without Keras, and a trainer that can be killed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fmnist.launching import stop_run
from fmnist.runs import ACTIVE_STATES, Recipe, Run, create_run, list_runs, open_run
from fmnist.runs.files import load_json, write_json
from fmnist.study import REPEAT, SWEEP, Choices, Range, Study, StudyPlan
from fmnist.study.controller import Actions, Controller
from fmnist.study.journal import repair_journal
from fmnist.study.store import create_study
from tests.support.runs import write_launch, write_report, write_status

RECIPE = Recipe("baseline", epochs=4, learning_rate=2e-3, dropout=0.3, train_share=0.1)
SPACE = {
    "learning_rate": Range(1e-4, 1e-1, log=True),
    "dropout": Range(0.0, 0.6, step=0.05),
    "batch_size": Choices((64, 128)),
}


def make_sweep(name: str = "sweep", **changes: object) -> Study:
    """Create a sweep of ``RECIPE`` over three settings; ``changes`` are those of its plan."""
    values = {"trials": 6, "space": SPACE} | changes
    return create_study(StudyPlan(SWEEP, RECIPE, **values), name=name)  # type: ignore[arg-type]


def make_repeat(name: str = "repeat", seeds: int = 3) -> Study:
    """Create a study that repeats ``RECIPE`` over seeds."""
    return create_study(StudyPlan(REPEAT, RECIPE, trials=seeds), name=name)


def score(recipe: Recipe, epoch: int) -> float:
    """Accuracy that is best without dropout and rises with the epochs."""
    return 0.9 - recipe.dropout / 2 - 0.1 / epoch


def finish_run(run: Run, *, validation: float, test: float = 0.1) -> None:
    """Write what a worker writes last."""
    write_report(run)
    report = load_json(run.report_path)
    accuracies = {"validation": {"accuracy": validation}, "test": {"accuracy": test}}
    write_json(run.report_path, report | accuracies)


class KilledError(BaseException):
    """Ends a controller where it stands, as kill -9 does."""


@dataclass
class Trainer:
    """Trains an epoch of the current run each time the controller waits.

    Attributes:
        accuracy: validation accuracy of a recipe after an epoch.
        before_epoch: may do to the run what happens to runs; True when nothing is trained then.
        kill_at: the controller dies at the waits of these numbers.
        started: names of the runs in the order they were started.
    """

    accuracy: Callable[[Recipe, int], float] = score
    before_epoch: Callable[[Run, int], object] = lambda _run, _epoch: False
    kill_at: set[int] = field(default_factory=set)
    started: list[str] = field(default_factory=list)
    resumed: list[str] = field(default_factory=list)
    waits: int = 0

    def control(self, study: Study) -> None:
        """Run a controller over a study until it ends or is killed."""
        repair_journal(study)
        Controller(
            study,
            Actions(self.start, self.resume, stop_run, lambda: None, self.wait),
        ).run()

    def start(self, recipe: Recipe, run_id: str, owner: str) -> None:
        """Create a run that looks as if a process trained it."""
        run = create_run(recipe, run_id=run_id, owner=owner)
        write_launch(run, alive=True)
        write_status(run, "running")
        self.started.append(run_id)

    def resume(self, run_id: str) -> None:
        """Let a stopped run look as if a process trained it again."""
        run = open_run(run_id)
        (run.path / "stop").unlink(missing_ok=True)
        write_launch(run, alive=True)
        write_status(run, "running")
        self.resumed.append(run_id)

    def wait(self, _seconds: float) -> None:
        """Train an epoch of each run at work, or die."""
        self.waits += 1
        if self.waits in self.kill_at:
            raise KilledError
        for run in list_runs():
            if run.load_state() in ACTIVE_STATES:
                self.train_epoch(run)

    def train_epoch(self, run: Run) -> None:
        """Write what an epoch of a run would leave, and the report after the last."""
        if run.is_stop_requested:
            write_status(run, "stopped")
            return
        seen = run.load_history().get("val_accuracy", ())
        epoch = len(seen) + 1
        if self.before_epoch(run, epoch):
            return
        write_epochs(run.path, [*seen, self.accuracy(run.recipe, epoch)])
        if epoch == run.recipe.epochs:
            best = max(self.accuracy(run.recipe, e + 1) for e in range(epoch))
            finish_run(run, validation=best)


def write_epochs(path: Path, accuracies: list[float]) -> None:
    """Write a history of these validation accuracies."""
    rows = "".join(f"{i + 1},{value}\n" for i, value in enumerate(accuracies))
    (path / "history.csv").write_text(f"epoch,val_accuracy\n{rows}")


def make_finished_sweep(trials: int = 8, **changes: object) -> Study:
    """Return a sweep whose trials were all trained, in no time."""
    study = make_sweep(trials=trials, **changes)
    Trainer().control(study)
    return study
