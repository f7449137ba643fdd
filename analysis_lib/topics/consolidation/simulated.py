"""Fixed, time-varying and landmark estimates in cohorts whose true hazard ratio is 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from math import exp, log

import numpy as np

from analysis_lib.estimates.random_part import random_part, with_origin
from analysis_lib.parameters.parse import DAYS_PER_MONTH
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import kept_results
from analysis_lib.simulation.performance import (
    OnProgress,
    Performance,
    found_effects,
    no_progress,
    performance,
)
from analysis_lib.simulation.waiting import (
    VARYING,
    Strategy,
    WaitingEstimates,
    scenario_of,
    simulate_waiting,
)
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.follow_up import (
    ANY,
    CLONED,
    NO,
    POPULATION,
    YES,
    Estimator,
    FollowUp,
    consolidation_follow_up,
    estimators,
)

SIMULATED = "simulated_consolidation"
COHORTS = 1000
EFFECT = 0.5  # the ratio of cohorts in which consolidation halves the hazard
EVERYWHERE = Key(SIMULATED, "", POPULATION, ANY, YES)
_OUTCOMES = ("pfs", "os")  # the place of an endpoint decides its random numbers


def consolidation_simulation_results(
    study: Study, *, cohorts: int = COHORTS, progress: OnProgress = no_progress
) -> Results | Omitted:
    """Bias and coverage of every estimator where consolidation changes nothing.

    Cohorts resemble the responders, or a random part of many: as many patients, with times to the
    event, to the end of follow-up and to consolidation drawn from their Kaplan-Meier curves,
    independently of each other. A patient is consolidated if free of the event on the day drawn.
    """
    part = random_part(study)
    follow_up = consolidation_follow_up(part)
    if isinstance(follow_up, Omitted):
        return follow_up
    tried = (*estimators(part), Estimator(CLONED))
    landmarks = tuple(x.time_months for x in tried if x.time_months is not None)
    rows: list[Row] = []
    shares: list[float] = []
    level = study.parameters.confidence_level
    for outcome in study.parameters.endpoints:
        time, event = (follow_up.patients[f"{outcome}_{x}"] for x in ("months", "event"))
        scenario = scenario_of(time, event, follow_up.patients["begin_months"])
        simulate = partial(
            simulate_waiting,
            cohorts=cohorts,
            landmarks=landmarks,
            strategy=_strategy(study, follow_up),
            progress=progress,
        )
        seed = study.parameters.seed, _OUTCOMES.index(outcome)
        simulated = simulate(scenario, seed=seed)
        rows += _rows(outcome, tried, simulated, len(time), level)
        shares.append(float(simulated.treated.mean()))
        nobody_waits = simulate(scenario, seed=(*seed, 1), at_random=True)
        rows += _without_waiting(outcome, tried, nobody_waits, len(time), level)
        effective = simulate(replace(scenario, hazard_ratio=EFFECT), seed=(*seed, 2))
        rows += _effect_rows(outcome, effective, len(time), level)
    everywhere = context(EVERYWHERE)
    rows.append(everywhere.at("proportion", sum(shares) / len(shares), unit="proportion"))
    return with_origin(study, study_results(study, rows), EVERYWHERE)


def _strategy(study: Study, follow_up: FollowUp) -> Strategy:
    """Grace from infusion, where simulated cohorts begin; hazards up to the last landmark."""
    response = float(follow_up.patients["entry_months"].median())
    grace = response + study.parameters.consolidation_grace_days / DAYS_PER_MONTH
    return Strategy(grace, max(float(max(study.parameters.landmarks)), grace))


def simulation_key(outcome: str, estimator: Estimator) -> Key:
    """What the keys of one estimator's numbers have in common."""
    return Key(
        f"simulated_{estimator.analysis}",
        outcome,
        POPULATION,
        ANY,
        YES,
        f"{YES}_vs_{NO}",
        estimator.time_months,
    )


def simulated_estimators(results: Results) -> tuple[tuple[str, Estimator], ...]:
    """The endpoints and estimators of stored results, in the order of their rows."""
    found: dict[tuple[str, Estimator], None] = {}
    for row in results:
        kind = row.key.analysis.removeprefix(f"{SIMULATED}_")
        if row.key.analysis.startswith(f"{SIMULATED}_"):
            time = row.key.time_months
            found[row.key.outcome, Estimator.of_months(kind, time)] = None
    return tuple(found)


def _rows(
    outcome: str,
    tried: tuple[Estimator, ...],
    simulated: WaitingEstimates,
    patients: int,
    level: float,
) -> list[Row]:
    here = context(Key(SIMULATED, outcome, POPULATION, ANY, YES), n=patients)
    share = float(simulated.treated.mean())
    rows = [
        here.at("replications", len(simulated.treated)),
        here.at("n", patients, unit="patients"),
        here.at("proportion", share, unit="proportion"),
    ]
    for column, estimator in enumerate(tried):
        found = performance(
            simulated.estimates[:, column],
            simulated.std_errors[:, column],
            truth=0.0,
            confidence_level=level,
        )
        rows += _performance_rows(context(simulation_key(outcome, estimator), n=patients), found)
    return rows


def _without_waiting(
    outcome: str,
    tried: tuple[Estimator, ...],
    simulated: WaitingEstimates,
    patients: int,
    level: float,
) -> Iterator[Row]:
    """The estimators that have a form without waiting, where the treated are drawn at random."""
    for column, estimator in enumerate(tried):
        estimates, errors = simulated.estimates[:, column], simulated.std_errors[:, column]
        if np.isfinite(estimates).any():
            found = performance(estimates, errors, truth=0.0, confidence_level=level)
            here = context(without_waiting_key(outcome, estimator), n=patients)
            yield from _performance_rows(here, found)


def without_waiting_key(outcome: str, estimator: Estimator) -> Key:
    """The same estimator where the treated are drawn at random when it begins."""
    key = simulation_key(outcome, estimator)
    return key._replace(analysis=f"random_{estimator.analysis}")


def effect_key(outcome: str) -> Key:
    """The time-varying estimate where consolidation has an effect."""
    estimator = Estimator("time_varying")
    return simulation_key(outcome, estimator)._replace(analysis=f"effect_{estimator.analysis}")


def _effect_rows(
    outcome: str, simulated: WaitingEstimates, patients: int, level: float
) -> Iterator[Row]:
    estimates, errors = simulated.estimates[:, VARYING], simulated.std_errors[:, VARYING]
    if not np.isfinite(estimates).any():
        return
    here, truth = context(effect_key(outcome), n=patients), log(EFFECT)
    yield here.at("true_hazard_ratio", EFFECT)
    yield from _performance_rows(
        here, performance(estimates, errors, truth=truth, confidence_level=level), truth
    )
    found = found_effects(estimates, errors, truth=truth, confidence_level=level)
    yield here.at("power", found.power, unit="proportion")
    yield here.at("power_mc_error", found.power_mc_error, unit="proportion")
    yield here.at("exaggeration", found.exaggeration)
    yield here.at("wrong_sign", found.wrong_sign, unit="proportion")


def _performance_rows(here: Row, found: Performance, truth: float = 0.0) -> list[Row]:
    method = f"{found.estimated} of {found.replications} simulated cohorts"
    return [
        here.at("replications", found.replications),
        here.at("replications_estimated", found.estimated),
        here.at("hazard_ratio", exp(truth + found.bias), method=method),
        here.at("bias", found.bias, method=method),
        here.at("bias_mc_error", found.bias_mc_error, method=method),
        here.at("coverage", found.coverage, unit="proportion", method=method),
        here.at("coverage_mc_error", found.coverage_mc_error, unit="proportion", method=method),
        here.at("empirical_std_error", found.empirical_std_error, method=method),
        here.at("mean_std_error", found.mean_std_error, method=method),
    ]


def consolidation_simulation(
    study: Study, *, progress: OnProgress = no_progress
) -> Results | Omitted:
    """Bias and coverage of each estimator of consolidation where it changes nothing, kept."""
    return kept_results(
        study,
        "consolidation_simulation",
        lambda: consolidation_simulation_results(study, progress=progress),
    )
