"""The controller of a sweep: proposes trials, trains each as a run, prunes those that fall behind.

As many trials are trained at a time as the queue has places. All state is on disk: the controller
may be killed at any moment, and the next one continues the unfinished trials. A trial's run is
found by its name, so no trial is trained or counted twice.
"""

from __future__ import annotations

import dataclasses
import math
import os
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import optuna
from optuna.trial import TrialState

from fmnist import settings
from fmnist.errors import RunError
from fmnist.launching import ensure_dispatcher, resume_run, start_run, stop_run
from fmnist.runs import ACTIVE_STATES, Recipe, Run, RunState
from fmnist.runs.processes import identify_process
from fmnist.study.endings import explain_failure, load_accuracy, note_pruning
from fmnist.study.journal import NOTE_KEY, PRUNED_KEY, RUN_KEY, SECONDS_KEY, open_journal
from fmnist.study.proposals import ask_trial, build_pruner, suggest
from fmnist.study.status import ControllerStatus
from fmnist.study.store import Study

POLL_SECONDS: Final = 0.5
BEAT_SECONDS: Final = 2.0
"""Intervals between two checks of the current runs, and between two heartbeats."""

MAX_FAILURES: Final = 3
"""The study fails after this many failed trials in a row, because the settings can't be the
cause."""

MAX_RESUMES: Final = 3
"""How many times a run with a killed worker is resumed before its trial counts as failed."""


@dataclass(frozen=True)
class Actions:
    """The controller's actions on runs; tests replace them with faster ones."""

    start: Callable[[Recipe, str, str], object] = lambda recipe, run_id, owner: start_run(
        recipe, run_id=run_id, owner=owner
    )
    resume: Callable[[str], object] = resume_run
    stop: Callable[[Run], object] = stop_run
    keep_queue: Callable[[], None] = ensure_dispatcher
    wait: Callable[[float], None] = time.sleep


class _StopRequestedError(Exception):
    """The study received a stop request; the trial's run has ended and can be continued later."""


_Ended = tuple[TrialState, float | None, str]
"""How a trial ended: its state, its accuracy if it has one, and a note for people."""

_Work = Generator[None, None, TrialState | None]
"""A current trial: each step checks its run; the return value says how the trial ended."""


class Controller:
    """Runs one sweep; only the process that holds the study's lock may use it."""

    def __init__(self, study: Study, actions: Actions | None = None) -> None:
        self._study = study
        self._actions = actions or Actions()
        before = study.load_status()
        self._status = ControllerStatus(
            identify_process(os.getpid(), ""), seconds=before.seconds if before else 0.0
        )
        self._clock = time.monotonic()
        self._written = -math.inf

    def run(self) -> None:
        """Run trials until the budget is used up or a stop is requested.

        Raises:
            RunError: several trials fail in a row, or a file can't be read or written.
        """
        self._beat(now=True)
        journal = open_journal(self._study, create=True)
        assert journal is not None
        journal.pruner = build_pruner(self._study.plan)
        unfinished = journal.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
        hand = {
            trial.number: self._work_on(
                journal, optuna.Trial(journal, trial._trial_id), resumed=True
            )
            for trial in unfinished
        }
        failures = 0
        while True:
            is_stopped = self._study.is_stop_requested
            if not is_stopped:
                self._take_trials(journal, hand)
            if not hand:
                break
            for number, work in [*hand.items()]:
                try:
                    next(work)
                except StopIteration as end:
                    del hand[number]
                    failures = failures + 1 if end.value is TrialState.FAIL else 0
                if failures == MAX_FAILURES:
                    self._halt_all(hand)
                    note = journal.trials[number].user_attrs.get(NOTE_KEY, "")
                    raise RunError(f"{MAX_FAILURES} trials failed in a row. The last one: {note}")
            self._beat()
            if hand:
                self._actions.wait(POLL_SECONDS)
        if not is_stopped:
            self._beat(now=True, outcome="finished")

    def fail(self, error: str) -> None:
        """Record that the study failed."""
        self._beat(now=True, outcome="failed", error=error)

    def _take_trials(self, journal: optuna.Study, hand: dict[int, _Work]) -> None:
        """Begin new trials while there are places and the budget lasts.

        Trial number n is proposed once all trials up to n - places have ended, from those alone. So
        the proposals do not depend on the order in which runs end.
        """
        places = settings.parallel_runs()
        while len(hand) < places:
            trials = journal.get_trials(deepcopy=False)
            number = sum(trial.state.is_finished() for trial in trials) + len(hand)
            if self._is_budget_used(number) or min(hand, default=number) <= number - places:
                return
            trial = ask_trial(journal, self._study.plan, places)
            suggest(trial, self._study.plan)  # now, so that the next proposal differs
            hand[trial.number] = self._work_on(journal, trial, resumed=False)

    def _is_budget_used(self, begun: int) -> bool:
        plan = self._study.plan
        out_of_time = 0 < plan.minutes <= self._status.seconds / 60
        return begun >= plan.trials or (out_of_time and begun > 0)

    def _work_on(self, journal: optuna.Study, trial: optuna.Trial, *, resumed: bool) -> _Work:
        """Train a trial to its end, yielding between checks; record and return how it ended.

        Args:
            journal: Optuna's study.
            trial: just proposed, or left unfinished by another controller.
            resumed: whether it was left unfinished; a stopped run is then resumed.

        Returns:
            As a generator; None on a stop request: the trial is continued later.
        """
        start, before = time.monotonic(), float(trial.user_attrs.get(SECONDS_KEY, 0.0))
        state: TrialState | None = None
        with suppress(_StopRequestedError):
            state, value, note = yield from self._train(trial, resumed=resumed)
        trial.set_user_attr(SECONDS_KEY, before + time.monotonic() - start)
        if state is None:
            return None
        if note:
            trial.set_user_attr(NOTE_KEY, note)
        journal.tell(trial, value, state=state)
        return state

    def _train(self, trial: optuna.Trial, *, resumed: bool) -> Generator[None, None, _Ended]:
        recipe = self._study.plan.build_recipe(suggest(trial, self._study.plan))
        number, resumes = trial.number, 0
        if self._study.find_run(number) is None and RUN_KEY not in trial.user_attrs:
            self._start(recipe, number)
        trial.set_user_attr(RUN_KEY, self._study.name_run(number))
        while True:
            run = self._study.find_run(number)
            if run is None:
                return TrialState.FAIL, None, "Its run was deleted."
            state = run.load_state()
            pruned = PRUNED_KEY in trial.user_attrs
            if state is RunState.FINISHED:
                self._report(trial, run)
                return TrialState.COMPLETE, load_accuracy(run), ""
            if self._study.is_stop_requested:
                self._halt(run, state)
            elif state in {RunState.FAILED, RunState.DAMAGED}:
                return TrialState.FAIL, None, explain_failure(run, state)
            elif state not in ACTIVE_STATES and pruned:
                note = note_pruning(self._study.name, run, trial.user_attrs[PRUNED_KEY])
                return TrialState.PRUNED, None, note
            elif state is RunState.LOST or (state is RunState.STOPPED and resumed):
                resumes, resumed = resumes + 1, False
                if resumes > MAX_RESUMES:
                    return TrialState.FAIL, None, "Its worker was killed several times."
                self._actions.resume(run.run_id)
            elif state is RunState.STOPPED:
                return TrialState.FAIL, None, "Its run was stopped by hand."
            elif state is RunState.QUEUED:
                self._actions.keep_queue()
            elif not pruned and self._report(trial, run) and trial.should_prune():
                # Recorded first: if this process is killed now, the next one must not resume the
                # run.
                trial.set_user_attr(PRUNED_KEY, len(run.load_history()["epoch"]))
                self._stop(run)
            yield

    def _start(self, recipe: Recipe, number: int) -> None:
        run_id = self._study.name_run(number)
        try:
            self._actions.start(recipe, run_id, self._study.run_owner)
        except RunError:
            # A killed controller may have left a directory without recipe.
            if self._study.find_run(number) is None:
                self._study.remove_shell(number)
                self._actions.start(recipe, run_id, self._study.run_owner)

    def _halt(self, run: Run, state: RunState) -> None:
        """Stop a run on a stop request; its trial stays unfinished."""
        if state not in ACTIVE_STATES:
            raise _StopRequestedError
        self._stop(run)

    def _halt_all(self, hand: dict[int, _Work]) -> None:
        """Stop the current runs; their trials stay unfinished."""
        for number in hand:
            run = self._study.find_run(number)
            if run is not None and run.load_state() in ACTIVE_STATES:
                self._stop(run)

    def _stop(self, run: Run) -> None:
        if run.is_stop_requested:
            return
        try:
            self._actions.stop(run)
        except RunError:  # it has just ended
            return

    def _report(self, trial: optuna.Trial, run: Run) -> bool:
        """Report new epochs to Optuna; return whether there were any and more will follow."""
        accuracies = run.load_history().get("val_accuracy", ())
        known = trial.study.get_trials(deepcopy=False)[trial.number].intermediate_values
        new = [epoch for epoch in range(1, len(accuracies) + 1) if epoch not in known]
        for epoch in new:
            trial.report(float(accuracies[epoch - 1]), epoch)
        return bool(new) and len(accuracies) < run.recipe.epochs

    def _beat(self, *, now: bool = False, **changes: str | None) -> None:
        """Write a heartbeat and count the active time."""
        clock = time.monotonic()
        self._status = dataclasses.replace(
            self._status,
            seconds=self._status.seconds + clock - self._clock,
            heartbeat=time.time(),
            **changes,  # type: ignore[arg-type]
        )
        self._clock = clock
        if now or clock - self._written >= BEAT_SECONDS:
            self._study.save_status(self._status)
            self._written = clock
