"""The content of a report on a finished run, taken from its records only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from fmnist.comparison.facts import Measured, measure_run
from fmnist.comparison.pair import EvaluatedRun, load_evaluated_run
from fmnist.errors import FmnistError, RunError
from fmnist.evaluation.evaluate import Evaluation, compute_evaluation
from fmnist.evaluation.metrics import Confusion, compute_wilson_interval, find_confusions
from fmnist.evaluation.mistakes import select_mistakes
from fmnist.evaluation.score_card import ScoreCard, compute_score_card
from fmnist.evaluation.trust import Trust, compute_trust
from fmnist.explain.robustness import N_ITEMS, Robustness, find_kept_path
from fmnist.networks import NetworkInfo, find_network
from fmnist.runs import Decision, Notes, Recipe, Report, Run, load_decision, load_notes
from fmnist.runs.layout import RunFile
from fmnist.runs.outside import OutsideFigures
from fmnist.runs.run import Columns
from fmnist.runs.settings_spec import SETTINGS

HASHED: Final = (RunFile.RECIPE, RunFile.MODEL, RunFile.ONNX, RunFile.PREDICTIONS, RunFile.REPORT)
"""The files that identify a run; notes and tags are not among them."""

N_CONFUSIONS: Final = 8
N_MISTAKES: Final = 12
"""Number of rows in the tables of mistakes, to fit a page; Evaluate lists all."""


@dataclass(frozen=True)
class Card:
    """The content of a report on one run.

    Attributes:
        evaluated: the run with its result and predictions.
        info: its network or classical model.
        measured: its metrics.
        evaluation: the evaluation of its predictions for the test set.
        classes: one row per class, with the 95 % interval of its recall, ``low`` and ``high``.
        confusions: the most frequent confusions.
        mistakes: the most confident mistakes, from ``select_mistakes``.
        n_sure: number of mistakes with a confidence of at least 90 %.
        trust: the reliability of its probabilities.
        score: its place among published results; None on the demo set.
        history: values by epoch; empty for a classical model.
        settings: label and value of each setting.
        robustness: None unless measured on this machine.
        outside: None unless measured.
        decision: None unless recorded.
        notes: the notes of a person.
        hashes: SHA-256 by file name.
    """

    evaluated: EvaluatedRun
    info: NetworkInfo
    measured: Measured
    evaluation: Evaluation
    classes: pd.DataFrame
    confusions: list[Confusion]
    mistakes: pd.DataFrame
    n_sure: int
    trust: Trust
    score: ScoreCard | None
    history: Columns
    settings: list[tuple[str, str]]
    robustness: Robustness | None
    outside: OutsideFigures | None
    decision: Decision | None
    notes: Notes
    hashes: dict[str, str]

    @property
    def run_id(self) -> str:
        """Name of the run."""
        return self.evaluated.run_id

    @property
    def recipe(self) -> Recipe:
        """Its settings."""
        return self.evaluated.run.recipe

    @property
    def report(self) -> Report:
        """Its recorded result."""
        return self.evaluated.report

    @property
    def hash(self) -> str:
        """The hash of the run: SHA-256 of the names and hashes of its files."""
        lines = "".join(f"{value}  {name}\n" for name, value in sorted(self.hashes.items()))
        return hashlib.sha256(lines.encode()).hexdigest()


def load_card(run: Run) -> Card:
    """Read and compute the content of a report on a run.

    Raises:
        RunError: the run is not finished, or one of its files can't be used; the message names it.
    """
    evaluated = load_evaluated_run(run)
    predictions, report = evaluated.predictions, evaluated.report
    evaluation = compute_evaluation(predictions.test_true, predictions.test_proba)
    mistakes = select_mistakes(evaluation.items)
    return Card(
        evaluated=evaluated,
        info=find_network(run.recipe.network),
        measured=measure_run(evaluated),
        evaluation=evaluation,
        classes=_add_intervals(evaluation),
        confusions=find_confusions(evaluation.counts, N_CONFUSIONS),
        mistakes=mistakes.head(N_MISTAKES),
        n_sure=int((mistakes["confidence"] >= 0.9).sum()),
        trust=compute_trust(
            (predictions.val_true, predictions.val_proba),
            (predictions.test_true, predictions.test_proba),
        ),
        score=None
        if report.data_name == "demo set"
        else compute_score_card(predictions.test_true, predictions.test_proba, None),
        history=run.load_history(),
        settings=_list_settings(run.recipe),
        robustness=_load_robustness(run, predictions.test_fingerprint),
        outside=run.load_outside_figures(),
        decision=load_decision(run),
        notes=load_notes(run),
        hashes=_hash_files(run),
    )


def _list_settings(recipe: Recipe) -> list[tuple[str, str]]:
    """Return label and value of each setting, without those of a missing teacher."""
    return [
        (SETTINGS[name].label, SETTINGS[name].format_value(value))
        for name, value in recipe.select_settings().items()
        if value != "" and (recipe.teacher or not name.startswith("teacher"))
    ]


def _add_intervals(evaluation: Evaluation) -> pd.DataFrame:
    table = evaluation.classes
    correct = evaluation.counts.diagonal()
    ends = [
        compute_wilson_interval(int(right), int(n)) if n else (np.nan, np.nan)
        for right, n in zip(correct, table["support"], strict=True)
    ]
    low, high = zip(*ends, strict=True)
    return table.assign(low=low, high=high)


def _load_robustness(run: Run, fingerprint: str) -> Robustness | None:
    try:
        return Robustness.load(find_kept_path(run, fingerprint, N_ITEMS))
    except FmnistError:  # no network or a damaged cache: no measurement
        return None


def _hash_files(run: Run) -> dict[str, str]:
    hashes = {}
    for name in HASHED:
        try:
            with (run.path / name).open("rb") as file:
                hashes[str(name)] = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:  # a classical model has no model.keras, an older run no ONNX file
            continue
        except OSError as error:
            raise RunError(f"{run.path / name} can't be read: {error.strerror}.") from error
    return hashes
