"""Cumulative incidence of competing events, and hazard ratios for one of them on two scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis_lib.estimates.curves import Curve, drawn
from analysis_lib.estimates.effects import METHOD, Effect, exposure_rows, penalised
from analysis_lib.estimates.few_events import events_by_level, without_few
from analysis_lib.estimates.models import parameter_rows
from analysis_lib.estimates.specification import Specification, design, varying_terms
from analysis_lib.parameters.parse import DAYS_PER_MONTH
from analysis_lib.results.disclosure.curves import shown_at
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Results, Row, context, population
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_results import CoxFit
from analysis_lib.stats.cumulative_incidence import CumulativeIncidence, cumulative_incidence
from analysis_lib.stats.fine_gray import METHOD as FINE_GRAY
from analysis_lib.stats.fine_gray import FineGrayFit, fit_fine_gray
from analysis_lib.stats.gray_test import gray_test
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study

# The cumulative incidence in one group, in the unit of its `Incidence`.
IncidenceCurve = Curve[CumulativeIncidence]


@dataclass(frozen=True)
class EventTimes:
    """Times in one unit, and two flags: the event, or a competing one before it."""

    time: pd.Series
    event: pd.Series
    competing: pd.Series


@dataclass(frozen=True)
class Question:
    """Which event is asked for, in whom, and at which times."""

    analysis: str
    outcome: str
    label: str
    base: str
    unit: str
    landmarks: tuple[float, ...]
    risk_times: tuple[float, ...]
    time_zero: str = "infusion"


@dataclass(frozen=True)
class Incidence:
    """One kind of event in every group; times are in the unit of the question."""

    question: Question
    grouping: Grouping
    curves: tuple[IncidenceCurve, ...]
    results: Results

    @property
    def key(self) -> Key:
        """The key of what is said of all groups together."""
        asked = self.question
        return Key(asked.analysis, asked.outcome, asked.base)

    def at(self, curve: IncidenceCurve, time: float) -> Key:
        """The key of one group at one time."""
        months = in_months(time, self.question.unit)
        return self.key._replace(population=curve.population, time_months=months)

    def count(self, curve: IncidenceCurve, statistic: str) -> float:
        """A number of patients in one group."""
        key = self.key._replace(population=curve.population, statistic=statistic)
        return self.results.value(key)

    @property
    def test_key(self) -> Key:
        """The key of Gray's test."""
        return self.key._replace(contrast=self.grouping.contrast)


def in_months(time: float, unit: str) -> float:
    """A time as the results table has it."""
    return float(time) if unit == "months" else float(time) / DAYS_PER_MONTH


def incidence_by_exposure(study: Study, question: Question, times: EventTimes) -> Incidence:
    """Curves by exposure, their values at the landmarks, numbers at risk, and Gray's test."""
    groups = study.groups
    exposure = study.patients.loc[times.time.index, groups.variable]
    curves = tuple(
        _curve(study, question, times, level, exposure == level)
        for level in groups.levels
        if (exposure == level).any()
    )
    small_cell = study.parameters.small_cell
    grouped = exposure.cat.set_categories(groups.levels)
    test = gray_test(times.time, times.event, times.competing, grouped)
    tested = Key(question.analysis, question.outcome, question.base, contrast=groups.contrast)
    here = context(tested, n=len(exposure))
    rows = [
        *(row for curve in curves for row in _curve_rows(question, curve, small_cell)),
        here.at("p_value", test.p_value, method=test.method),
        here.at("chi_square", test.statistic, method=test.method),
    ]
    return Incidence(question, groups, drawn(study, curves), study_results(study, rows))


def _curve(
    study: Study, question: Question, times: EventTimes, level: str, inside: pd.Series
) -> IncidenceCurve:
    groups = study.groups
    estimate = cumulative_incidence(
        times.time[inside],
        times.event[inside],
        times.competing[inside],
        confidence_level=study.confidence_level,
    )
    where = population(question.base, groups, level)
    return IncidenceCurve(level, groups.label_of(level), where, estimate)


def _curve_rows(question: Question, curve: IncidenceCurve, small_cell: int) -> list[Row]:
    """n, events, the estimate and its interval at each landmark, and the numbers at risk."""
    estimate = curve.estimate
    here = context(Key(question.analysis, question.outcome, curve.population), n=estimate.n)

    def at_time(time: float) -> Row:
        months = in_months(time, question.unit)
        return context(here.key._replace(time_months=months), n=here.n)

    counts = {"n": estimate.n, "events": estimate.n_events}
    rows = here.patients(counts | {"competing_events": estimate.n_competing})
    for landmark in question.landmarks:
        at = shown_at(estimate, landmark, small_cell)
        row, ends = at_time(landmark), (at.incidence, at.ci_low, at.ci_high)
        rows += row.interval("incidence", *ends, unit="proportion", method=estimate.method)
        rows += row.patients({"events_to_date": estimate.at(landmark).events})
    at_risk = estimate.number_at_risk(question.risk_times)
    for moment, count in zip(question.risk_times, at_risk, strict=True):
        rows += at_time(moment).patients({"at_risk": int(count)})
    return rows


CAUSE_SPECIFIC, SUBDISTRIBUTION = "cause_specific", "subdistribution"
LABELS = {CAUSE_SPECIFIC: "Cause-specific", SUBDISTRIBUTION: "Subdistribution"}
METHODS = {CAUSE_SPECIFIC: METHOD, SUBDISTRIBUTION: FINE_GRAY}
CRUDE, ADJUSTED = "crude", "baseline"


@dataclass(frozen=True)
class CauseModel(Effect):
    """One model of one event; `results` hold its exposure alone.

    `scale` is cause-specific (the rate among those still free of every event) or subdistribution
    (what moves the cumulative incidence). `excluded` counts the patients without a covariate.
    """

    scale: str
    adjustment: str
    terms: tuple[str, ...]
    fit: CoxFit | FineGrayFit
    excluded: dict[str, int]
    missing_rule: str

    @property
    def is_adjusted(self) -> bool:
        return self.adjustment == ADJUSTED


def cause_models(
    study: Study, outcome: str, times: EventTimes, adjustments: Sequence[str]
) -> tuple[CauseModel, ...]:
    """Both scales, crude in all and adjusted for the baseline terms in the complete cases."""
    patients = study.patients
    terms = varying_terms(patients, study.parameters.baseline_terms)
    return tuple(
        _fit(study, outcome, times, scale, adjustment, terms if adjustment == ADJUSTED else ())
        for adjustment in adjustments
        for scale in (CAUSE_SPECIFIC, SUBDISTRIBUTION)
    )


def _fit(
    study: Study,
    outcome: str,
    times: EventTimes,
    scale: str,
    adjustment: str,
    terms: tuple[str, ...],
) -> CauseModel:
    specification = Specification(adjustment, "", outcome, study.groups, terms, "infused")
    covariates, excluded = design(study.patients, specification, study)
    used = covariates.index
    own = EventTimes(times.time[used], times.event[used], times.competing[used])
    fit = _estimate(scale, own, covariates, study)
    key = Key(f"{scale}_{adjustment}", outcome, "infused")
    rows = _rows(key, scale, study.groups, fit, own, len(study.patients))
    return CauseModel(
        f"{LABELS[scale]}, {'adjusted' if adjustment == ADJUSTED else 'crude'}",
        key,
        study.groups,
        study_results(study, rows),
        scale,
        adjustment,
        terms,
        fit,
        excluded,
        study.parameters.missing_rule,
    )


def _estimate(
    scale: str, times: EventTimes, covariates: pd.DataFrame, study: Study
) -> CoxFit | FineGrayFit:
    """A competing event is censored on the one scale and stays at risk on the other.

    On few events the one has Firth's penalty; the other has no such form, and no ratio.
    """
    level, exposure = study.confidence_level, study.groups
    if scale == CAUSE_SPECIFIC:
        cox = fit_cox(times.time, times.event, covariates, confidence_level=level)
        return penalised(cox, times.time, times.event, covariates, exposure.variable)
    fit = fit_fine_gray(
        times.time, times.event, times.competing, covariates, confidence_level=level
    )
    events = events_by_level(covariates[exposure.variable], times.event, exposure.levels)
    return without_few(fit, exposure.variable, events, exposure.reference)


def _rows(
    key: Key,
    scale: str,
    exposure: Grouping,
    fit: CoxFit | FineGrayFit,
    times: EventTimes,
    considered: int,
) -> list[Row]:
    here = context(key, n=fit.n)
    counts = {
        "n": fit.n,
        "events": fit.events,
        "competing_events": int(times.competing.sum()),
        "excluded": considered - fit.n,
    }
    return [
        *here.patients(counts),
        *parameter_rows(here, fit),
        *exposure_rows(key, exposure, fit, METHODS[scale]),
    ]
