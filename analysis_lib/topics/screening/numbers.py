"""What the interval of a screened model is worth; resamples and simulations as shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
import pandas as pd

from analysis_lib.estimates.random_part import random_part, with_origin
from analysis_lib.estimates.specification import Specification, design, varying_terms
from analysis_lib.format import counted
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import kept_results
from analysis_lib.simulation.performance import OnProgress, Performance, no_progress, performance
from analysis_lib.simulation.screened import (
    ExposureEstimate,
    ScreenedEstimates,
    simulate_screened,
    truth_of,
)
from analysis_lib.stats.design import Indicators, indicator_columns
from analysis_lib.stats.inputs import FloatArray, check_survival
from analysis_lib.stats.ridge_cox import choose_ridge_penalty, fit_ridge_cox
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.screening.bootstrap import (
    HELD,
    LEAST_CANDIDATES,
    REPEATED,
    screen_of,
    screened_names,
    screened_patients,
    times_and_events,
)

SIMULATED = "screen_simulation"
TRUTHS = ("baseline", "candidates")
ESTIMATORS = ("screened", "fixed")
COHORTS = 1000
LEAST_EVENTS = 20


def screen_simulation_results(
    study: Study, *, cohorts: int = COHORTS, progress: OnProgress = no_progress
) -> Results | Omitted:
    """Bias and coverage of the exposure's interval after a screen, and in a model fixed before.

    The patients keep their covariates and groups; their times are drawn from a ridge Cox model of
    their own in which the exposure's coefficient is replaced by 0. In one truth the baseline terms
    act on the hazard, in the other all candidates too, those after infusion among them.
    """
    if reason := study.only_from_start("the screen in simulated cohorts"):
        return Omitted(reason)
    names = screened_names(study)
    terms = [x for x in study.parameters.baseline_terms if x != study.groups.variable]
    everyone = screened_patients(random_part(study))
    terms = list(varying_terms(everyone, terms))
    names = list(varying_terms(everyone, names))
    patients, covariates = _complete(study, everyone, list(dict.fromkeys([*names, *terms])))
    time, event = times_and_events(study, patients)
    if event.sum() < LEAST_EVENTS or len(names) < LEAST_CANDIDATES:
        events = counted(withheld_count(study, int(event.sum())), "event")
        return Omitted(
            f"No cohorts are simulated from {events} and "
            f"{counted(len(names), 'candidate')}; that takes {LEAST_EVENTS} events and "
            f"{LEAST_CANDIDATES} candidates to choose from."
        )
    screen = screen_of(study, names, patients)
    fixed = indicator_columns(check_survival(time, event), covariates[terms])
    rows: list[Row] = []
    for index, truth in enumerate(TRUTHS):
        acting = terms if truth == "baseline" else list(covariates.columns[1:])
        drawn = simulate_screened(
            truth_of(time, event, _linear_predictor(study, patients, covariates, acting)),
            screen,
            fixed.matrix,
            cohorts=cohorts,
            seed=(study.parameters.seed, index),
            stage=f"simulate the screen ({index + 1} of {len(TRUTHS)})",
            progress=progress,
        )
        rows += _rows(study, truth, drawn, len(patients))
    origin = simulation_key(study, TRUTHS[0], ESTIMATORS[0])
    return with_origin(study, study_results(study, rows), origin)


def simulation_key(study: Study, truth: str, estimator: str) -> Key:
    """What the keys of one estimator under one truth have in common."""
    population = study.parameters.model_population
    return Key(f"{SIMULATED}_{truth}_{estimator}", study.model_outcome, population)


def _complete(
    study: Study, patients: pd.DataFrame, names: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The patients with every covariate; the exposure and the covariates in the order of names."""
    every = Specification("", "", "", study.groups, tuple(names), "")
    covariates, _ = design(patients, every, study)
    return patients.loc[covariates.index], covariates


def _linear_predictor(
    study: Study, patients: pd.DataFrame, covariates: pd.DataFrame, acting: Sequence[str]
) -> FloatArray:
    """Of the covariates that act, from a ridge fit that holds the exposure beside them."""
    if not acting:
        return np.zeros(len(patients))
    time, event = times_and_events(study, patients)
    exposure = study.groups.variable
    used = covariates[[exposure, *acting]]
    theta = choose_ridge_penalty(
        time, event, used, seed=study.parameters.seed, unpenalised=[exposure]
    ).theta
    fit = fit_ridge_cox(time, event, used, theta=theta, unpenalised=[exposure])
    columns: Indicators = indicator_columns(check_survival(time, event), used)
    effects = [
        0.0 if variable == exposure else fit.coefficient(variable, level).coefficient
        for variable, level in columns.keys
    ]
    return np.asarray(columns.matrix @ np.array(effects))


def _rows(study: Study, truth: str, drawn: ScreenedEstimates, n: int) -> list[Row]:
    groups = study.groups
    rows: list[Row] = []
    for name in ESTIMATORS:
        estimates: ExposureEstimate = getattr(drawn, name)
        key = simulation_key(study, truth, name)
        here = context(key, n=n)
        rows.append(here.at("events_expected", float(drawn.events.mean())))
        if name == "screened":
            rows.append(here.at("terms_expected", float(drawn.terms.mean())))
        for column, level in enumerate(groups.levels[1:]):
            found = performance(
                estimates.coefficients[:, column],
                estimates.std_errors[:, column],
                truth=0.0,
                confidence_level=study.confidence_level,
            )
            rows += _performance_rows(context(key.compared(groups, level), n=n), found)
    return rows


def _performance_rows(here: Row, found: Performance) -> list[Row]:
    method = f"{found.estimated} of {found.replications} simulated cohorts"
    return [
        here.at("replications", found.replications),
        here.at("replications_estimated", found.estimated),
        here.at("hazard_ratio", exp(found.bias) if found.estimated else None, method=method),
        here.at("bias", found.bias, method=method),
        here.at("bias_mc_error", found.bias_mc_error, method=method),
        here.at("coverage", found.coverage, unit="proportion", method=method),
        here.at("coverage_mc_error", found.coverage_mc_error, unit="proportion", method=method),
        here.at("empirical_std_error", found.empirical_std_error, method=method),
        here.at("mean_std_error", found.mean_std_error, method=method),
    ]


@dataclass(frozen=True)
class ScreenStability:
    """The screen in resamples: `candidates` are (name, label), those forced named in `forced`."""

    exposure: Grouping
    candidates: tuple[tuple[str, str], ...]
    forced: tuple[str, ...]
    outcome: str
    population: str
    entry_p: float
    results: Results

    @property
    def key(self) -> Key:
        """What the keys of the repeated screen have in common."""
        return Key(REPEATED, self.outcome, self.population)

    def contrast(self, level: str, *, held: bool = False) -> Key:
        """One group against the reference, the screen repeated or its terms held."""
        key = self.key._replace(analysis=HELD if held else REPEATED)
        return key.compared(self.exposure, level)


@dataclass(frozen=True)
class ScreenCoverage:
    """Bias and coverage in simulated cohorts; `keys` are (truth, estimator, key)."""

    exposure: Grouping
    keys: tuple[tuple[str, str, Key], ...]
    results: Results

    def contrast(self, key: Key, level: str) -> Key:
        """One group against the reference."""
        return key.compared(self.exposure, level)


def screen_stability(study: Study, results: Results | Omitted) -> ScreenStability | Omitted:
    """What `screen_bootstrap_results` found."""
    if isinstance(results, Omitted):
        return results
    names = [row.key.variable for row in results if row.key.statistic == "selected"]
    return ScreenStability(
        study.groups,
        tuple((name, study.dictionary[name].label) for name in names),
        tuple(name for name in names if name in study.parameters.forced_terms),
        study.model_outcome,
        study.parameters.model_population,
        study.parameters.entry_p,
        results,
    )


def screen_coverage(study: Study, results: Results | Omitted) -> ScreenCoverage | Omitted:
    """What `screen_simulation_results` found."""
    if isinstance(results, Omitted):
        return results
    keys = tuple(
        (truth, estimator, simulation_key(study, truth, estimator))
        for truth in TRUTHS
        for estimator in ESTIMATORS
    )
    return ScreenCoverage(study.groups, keys, results)


def screen_simulation(study: Study, *, progress: OnProgress = no_progress) -> Results | Omitted:
    """Bias and coverage of the exposure's interval after a screen, kept."""
    return kept_results(
        study, "screen_simulation", lambda: screen_simulation_results(study, progress=progress)
    )
