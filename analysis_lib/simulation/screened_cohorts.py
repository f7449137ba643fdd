"""Cohorts in which the exposure changes nothing, screened and modelled as the study is."""

from __future__ import annotations

import time as clock
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis_lib.simulation.fast_screen import FastScreen, estimate_exposure
from analysis_lib.simulation.progress import Progress, no_progress
from analysis_lib.stats import KaplanMeier, kaplan_meier
from analysis_lib.stats.inputs import BoolArray, FloatArray

_SAID_EVERY = 50


@dataclass(frozen=True, eq=False)
class Truth:
    """What times are drawn from: each patient's hazard relative to a baseline, the baseline's
    cumulative hazard at its event times (straight between them), and the end of follow-up.
    """

    relative_hazard: FloatArray
    event_times: FloatArray
    cumulative_hazard: FloatArray
    censoring: KaplanMeier


@dataclass(frozen=True, eq=False)
class ScreenedEstimates:
    """Log hazard ratios and errors, a row a cohort and a column a group: of the model that the
    screen gives, and of the one that was fixed before; `terms` counts what the screen let in.
    """

    screened: tuple[FloatArray, FloatArray]
    fixed: tuple[FloatArray, FloatArray]
    terms: FloatArray
    events: FloatArray


def truth_of(time: FloatArray, event: BoolArray, linear_predictor: FloatArray) -> Truth:
    """Breslow's baseline under a linear predictor, and the Kaplan-Meier curve of censoring."""
    relative = np.exp(linear_predictor - linear_predictor.mean())
    times, events = np.unique(time[event], return_counts=True)
    order = np.argsort(-time, kind="stable")
    at_risk = np.cumsum(relative[order])[np.searchsorted(-time[order], -times, side="right") - 1]
    return Truth(relative, times, np.cumsum(events / at_risk), kaplan_meier(time, ~event))


def draw_times(random: np.random.Generator, truth: Truth) -> tuple[FloatArray, BoolArray]:
    """Time and event of every patient; who outlives the baseline's last event is censored."""
    n = len(truth.relative_hazard)
    wanted = random.exponential(size=n) / truth.relative_hazard
    hazard = np.concatenate([[0.0], truth.cumulative_hazard])
    times = np.concatenate([[0.0], truth.event_times])
    failed = np.interp(wanted, hazard, times, right=np.inf)
    curve = truth.censoring
    left = np.append(curve.survival, 0.0)
    chances = -np.diff(left, prepend=1.0)
    ends = random.choice(np.append(curve.times, curve.times[-1]), size=n, p=chances)
    return np.minimum(failed, ends), failed <= ends


def simulate_screened(
    truth: Truth,
    screen: FastScreen,
    fixed: FloatArray,
    *,
    cohorts: int,
    seed: int | Sequence[int],
    stage: str,
    progress: Progress = no_progress,
) -> ScreenedEstimates:
    """Draw times for the same patients again and again; screen, and fit both models.

    `fixed` holds the covariates of the model that was fixed before. The exposure has no part in
    the truth beyond the relative hazards, so that its true hazard ratio is 1. Covariates stay as
    they are: Franklin et al. (2014), Comput Stat Data Anal 72:219.
    """
    random = np.random.default_rng(seed)
    groups = screen.exposure.shape[1]
    found = {
        name: (np.full((cohorts, groups), np.nan), np.full((cohorts, groups), np.nan))
        for name in ("screened", "fixed")
    }
    terms, events = np.zeros(cohorts), np.zeros(cohorts)
    matrix = np.hstack([screen.exposure, fixed])
    started = clock.perf_counter()
    for row in range(cohorts):
        time, event = draw_times(random, truth)
        events[row] = event.sum()
        if event.any():
            chosen = screen.enter(screen.passes(time, event))
            terms[row] = sum(chosen)
            of_each = {
                "screened": screen.fit(time, event, chosen),
                "fixed": estimate_exposure(time, event, matrix, groups),
            }
            for name, estimate in of_each.items():
                found[name][0][row], found[name][1][row] = (
                    estimate.coefficients,
                    estimate.std_errors,
                )
        if (row + 1) % _SAID_EVERY == 0 or row + 1 == cohorts:
            progress(stage, row + 1, cohorts, clock.perf_counter() - started)
    return ScreenedEstimates(found["screened"], found["fixed"], terms, events)
