"""Fixed, time-varying and landmark estimates in cohorts whose true hazard ratio is 1."""

from __future__ import annotations

from math import exp

from analysis_lib.parameters.parse import DAYS_PER_MONTH
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import kept_results
from analysis_lib.simulation.performance import OnProgress, Performance, no_progress, performance
from analysis_lib.simulation.strategies import Strategy
from analysis_lib.simulation.waiting import WaitingEstimates, scenario_of, simulate_waiting
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
_OUTCOMES = ("pfs", "os")  # the place of an endpoint decides its random numbers


def consolidation_simulation_results(
    study: Study, *, cohorts: int = COHORTS, progress: OnProgress = no_progress
) -> Results | Omitted:
    """Bias and coverage of every estimator where consolidation changes nothing.

    Cohorts resemble the responders: as many patients, with times to the event, to the end of
    follow-up and to consolidation drawn from their Kaplan-Meier curves, independently of each
    other. A patient is consolidated if free of the event on the day drawn.
    """
    follow_up = consolidation_follow_up(study)
    if isinstance(follow_up, Omitted):
        return follow_up
    tried = (*estimators(study), Estimator(CLONED))
    landmarks = tuple(x.time_months for x in tried if x.time_months is not None)
    rows: list[Row] = []
    shares: list[float] = []
    for outcome in study.parameters.endpoints:
        time, event = (follow_up.patients[f"{outcome}_{x}"] for x in ("months", "event"))
        simulated = simulate_waiting(
            scenario_of(time, event, follow_up.patients["begin_months"]),
            cohorts=cohorts,
            landmarks=landmarks,
            strategy=_strategy(study, follow_up),
            seed=(study.parameters.seed, _OUTCOMES.index(outcome)),
            progress=progress,
        )
        rows += _rows(outcome, tried, simulated, len(time), study.parameters.confidence_level)
        shares.append(float(simulated.treated.mean()))
    everywhere = context(Key(SIMULATED, "", POPULATION, ANY, YES))
    rows.append(everywhere.at("proportion", sum(shares) / len(shares), unit="proportion"))
    return study_results(study, rows)


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


def _performance_rows(here: Row, found: Performance) -> list[Row]:
    method = f"{found.estimated} of {found.replications} simulated cohorts"
    return [
        here.at("replications", found.replications),
        here.at("replications_estimated", found.estimated),
        here.at("hazard_ratio", exp(found.bias), method=method),
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
