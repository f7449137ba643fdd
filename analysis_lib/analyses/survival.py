"""PFS and OS from infusion: by exposure, by response to the exposure, by its timing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.analyses.disclosure import (
    coarsen,
    shown_median,
    shown_time,
    withheld_count,
)
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Key, Results, Row, context, population, study_results
from analysis_lib.analyses.risk_times import rounded_times
from analysis_lib.cohort import Grouping, Study
from analysis_lib.stats import CoxFit, KaplanMeier, fit_cox, kaplan_meier, logrank_test


@dataclass(frozen=True)
class Curve:
    """The Kaplan-Meier curve of one group."""

    level: str
    label: str
    population: str
    estimate: KaplanMeier


@dataclass(frozen=True)
class SurvivalComparison:
    """One endpoint in several groups.

    `tested` holds the groups that the log-rank test compares: all curves, or a part of them.
    `unplaced` counts the exposed patients who are in none of the curves. Times are counted from
    `time_zero`; `event` is what ends them, in words.
    """

    analysis: str
    outcome: str
    outcome_label: str
    grouping: Grouping
    tested: Grouping
    curves: tuple[Curve, ...]
    unplaced: int
    landmarks: tuple[float, ...]
    risk_times: tuple[float, ...]
    confidence_level: float
    results: Results
    time_zero: str = "infusion"
    event: str = "death"


def survival_by_exposure(study: Study, outcome: str) -> SurvivalComparison:
    """`pfs` or `os` by exposure; log-rank over all groups."""
    groups = study.groups
    return _compare(study, outcome, "survival_by_exposure", groups, groups)


def survival_by_response(study: Study, outcome: str) -> SurvivalComparison | Omitted:
    """Never exposed, responders and refractory; log-rank of refractory against responders."""
    combined, response = study.exposure.combined, study.exposure.response
    if combined is None or response is None:
        return Omitted(
            f"The extract records no response to the exposure, {study.exposure.phrase}; "
            "survival by response to it is left out."
        )
    return _compare(study, outcome, "survival_by_response", combined, response)


def survival_by_timing(study: Study, outcome: str) -> SurvivalComparison | Omitted:
    """The exposed by timing of the exposure."""
    timing = study.exposure.timing
    if timing is None:
        return Omitted(
            f"The extract records no timing of {study.exposure.phrase}; "
            "survival by timing is left out."
        )
    return _compare(study, outcome, "survival_by_timing", timing, timing)


def _compare(
    study: Study, outcome: str, analysis: str, grouping: Grouping, tested: Grouping
) -> SurvivalComparison:
    parameters = study.parameters
    members = grouping.among(study.patients)
    curves = tuple(
        Curve(
            level,
            label,
            population("infused", grouping, level),
            _estimate(grouping.members(members, level), outcome, parameters.confidence_level),
        )
        for level, label in zip(grouping.levels, grouping.labels, strict=True)
    )
    risk_times = rounded_times(max(float(curve.estimate.times[-1]) for curve in curves))
    rows: list[Row] = []
    for curve in curves:
        here = context(Key(analysis, outcome, curve.population), n=curve.estimate.n)
        rows += curve_rows(
            here, curve.estimate, tuple(parameters.landmarks), small_cell=parameters.small_cell
        )
        rows += risk_rows(here, curve.estimate, risk_times)
    rows += _test_rows(study, outcome, analysis, tested)
    return SurvivalComparison(
        analysis,
        outcome,
        study.dictionary[outcome].label,
        grouping,
        tested,
        drawn(study, curves),
        _unplaced(study, grouping),
        tuple(parameters.landmarks),
        risk_times,
        parameters.confidence_level,
        study_results(study, rows),
        study.time_zero_phrase,
        study.event_phrase(outcome),
    )


def _unplaced(study: Study, grouping: Grouping) -> int:
    """Exposed patients who are in none of the curves because something is not recorded of them."""
    exposed = study.patients[study.groups.variable] != study.exposure.unexposed
    placed = study.patients[grouping.variable].isin(grouping.levels)
    return withheld_count(study, int((exposed & ~placed).sum()))


def _estimate(patients: pd.DataFrame, outcome: str, confidence_level: float) -> KaplanMeier:
    return kaplan_meier(
        patients[f"{outcome}_months"],
        patients[f"{outcome}_event"],
        confidence_level=confidence_level,
    )


def drawn(study: Study, curves: Iterable[Curve]) -> tuple[Curve, ...]:
    """The curves as they may be shown: coarsened where small counts are suppressed."""
    small_cell = study.parameters.small_cell
    return tuple(replace(x, estimate=coarsen(x.estimate, small_cell)) for x in curves)


def curve_rows(
    here: Row, estimate: KaplanMeier, landmarks: tuple[float, ...], *, small_cell: int = 0
) -> list[Row]:
    """n, events, the estimate and its interval at each landmark, and the median.

    With `small_cell` the estimates are those of the coarsened curve.
    """
    method = estimate.method
    rows = [
        here.at("n", estimate.n, unit="patients"),
        here.at("events", estimate.n_events, unit="patients"),
        here.at("maximum", float(estimate.times[-1]), unit="months"),
    ]
    for landmark in landmarks:
        at = estimate.at(shown_time(estimate, landmark, small_cell))
        row = context(here.key._replace(time_months=float(landmark)), n=here.n)
        rows += [
            row.at("survival", at.survival, unit="proportion", method=method),
            row.at("survival_ci_low", at.ci_low, unit="proportion", method=method),
            row.at("survival_ci_high", at.ci_high, unit="proportion", method=method),
            row.at("events_to_date", estimate.at(landmark).events, unit="patients"),
        ]
    median = shown_median(estimate, small_cell)
    return [
        *rows,
        here.at("median", median.estimate, unit="months", method=method),
        here.at("median_ci_low", median.ci_low, unit="months", method=method),
        here.at("median_ci_high", median.ci_high, unit="months", method=method),
    ]


def risk_rows(here: Row, estimate: KaplanMeier, times: tuple[float, ...]) -> list[Row]:
    """Patients at risk at each time."""
    counts = estimate.number_at_risk(times)
    return [
        context(here.key._replace(time_months=time), n=here.n).at(
            "at_risk", int(count), unit="patients"
        )
        for time, count in zip(times, counts, strict=True)
    ]


def _test_rows(study: Study, outcome: str, analysis: str, tested: Grouping) -> list[Row]:
    """The log-rank test, and for two groups the unadjusted hazard ratio."""
    patients = tested.among(study.patients)
    time, event = patients[f"{outcome}_months"], patients[f"{outcome}_event"]
    groups = patients[tested.variable].cat.set_categories(tested.levels)
    test = logrank_test(time, event, groups.astype(str))
    key = Key(analysis, outcome, "infused", contrast=tested.contrast)
    here = context(key, n=len(patients))
    rows = [
        here.at("p_value", test.p_value, method=test.method),
        here.at("chi_square", test.statistic, method=test.method),
    ]
    fit = fit_cox(
        time,
        event,
        pd.DataFrame({tested.variable: groups}),
        confidence_level=study.parameters.confidence_level,
    )
    return rows + hazard_ratio_rows(here, fit)


def hazard_ratio_rows(here: Row, fit: CoxFit) -> list[Row]:
    """The hazard ratio of every level against its reference; nan if not estimable."""
    rows = []
    for term in fit.coefficients:
        contrast = f"{term.level}_vs_{term.reference}" if term.level else ""
        row = context(here.key._replace(contrast=contrast), n=here.n)
        method = f"Cox model, {fit.ties} ties, Wald interval"
        rows += [
            row.at("hazard_ratio", term.hazard_ratio, method=method),
            row.at("hazard_ratio_ci_low", term.ci_low, method=method),
            row.at("hazard_ratio_ci_high", term.ci_high, method=method),
        ]
    return rows
